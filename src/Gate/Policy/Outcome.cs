using System;

namespace Gate.Policy;

/// <summary>The answer to a call, loosest first, so that the stricter of two is the greater.</summary>
public enum Outcome : byte
{
    Allow, Ask, Deny,
}

/// <summary>What a rule does when it matches. Numbers are the bundle's wire format.</summary>
public enum Action : byte
{
    /// <summary>Only a mark in the ledger.</summary>
    Log,
    /// <summary>Context for the agent, no change of the outcome.</summary>
    Warn,
    /// <summary>Lifts asks and thresholds for the effects it covers; never a deny, never zone 6.</summary>
    Allow,
    Ask,
    Deny,
}

/// <summary>How bad it would be; informs lessons and reports, not the outcome.</summary>
public enum Severity : byte
{
    Low, Medium, High, Critical,
}

/// <summary>The names of outcomes, actions and severities in rule files, output and ledger rows.</summary>
public static class PolicyNames
{
    public static string Of(Outcome outcome) => outcome switch
    {
        Outcome.Allow => "allow", Outcome.Ask => "ask", Outcome.Deny => "deny", _ => throw new ArgumentOutOfRangeException(nameof(outcome)),
    };

    public static string Of(Action action) => action switch
    {
        Action.Log => "log", Action.Warn => "warn", Action.Allow => "allow", Action.Ask => "ask", Action.Deny => "deny", _ => throw new ArgumentOutOfRangeException(nameof(action)),
    };

    public static string Of(Severity severity) => severity switch
    {
        Severity.Low => "low", Severity.Medium => "medium", Severity.High => "high", Severity.Critical => "critical", _ => throw new ArgumentOutOfRangeException(nameof(severity)),
    };
}
