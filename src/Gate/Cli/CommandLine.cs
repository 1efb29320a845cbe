using System;
using System.CommandLine;
using Gate.Bundles;
using Gate.Store;

namespace Gate.Cli;

/// <summary>The command line: one file for each verb; here they are only put together. Never reached from the hook path.</summary>
internal static class CommandLine
{
    /// <summary>Exit codes beside 0: wrong use or a failed step.</summary>
    public const int Failed = 1, Denied = 2, Asked = 3;

    public static int Run(string[] arguments)
    {
        RootCommand root = new("Gate judges every tool call of a coding agent before it runs. 'gate hook AGENT' is what the agent runs.");
        root.Subcommands.Add(InitVerb.Create());
        root.Subcommands.Add(UninstallVerb.Create());
        root.Subcommands.Add(CheckVerb.Create());
        root.Subcommands.Add(ExplainVerb.Create());
        root.Subcommands.Add(ParseVerb.Create());
        root.Subcommands.Add(RedactVerb.Create());
        root.Subcommands.Add(RulesVerb.Create());
        root.Subcommands.Add(KeyVerb.Create());
        root.Subcommands.Add(LedgerVerb.Create());
        root.Subcommands.Add(BudgetVerb.Create());
        root.Subcommands.Add(SessionVerb.Create());
        root.Subcommands.Add(LessonVerb.Create());
        root.Subcommands.Add(StatusVerb.Create());
        try
        {
            return root.Parse(arguments).Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
        }
        catch (CliException e)
        {
            Terminal.Error(e.Message);
            return Failed;
        }
        catch (StoreException e)
        {
            Terminal.Error(Workplace.TryPlaces() is { } places ? StoreFaults.Sentence(e, places) : e.Message);
            return Failed;
        }
        catch (BundleDamagedException)
        {
            Terminal.Error(BundleFaults.Sentence(BundleFault.Damaged));
            return Failed;
        }
        catch (Exception e) when (e is System.IO.IOException or UnauthorizedAccessException)
        {
            Terminal.Error(e.Message);
            return Failed;
        }
    }
}

/// <summary>A step failed; the message says what to do next.</summary>
internal sealed class CliException : Exception
{
    public CliException()
    {
    }

    public CliException(string message)
        : base(message)
    {
    }

    public CliException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
