using System;
using System.IO;
using System.Text;
using Gate.Native;
using Gate.Requests;
using Gate.Store;
using Gate.Text;

namespace Gate.Cli;

/// <summary>
/// What only people may change, and whether a person sits at this command: a terminal that is not an agent's. Every process above this one is asked what it is and what marks its
/// environment bore when it began, so that clearing variables or a terminal made on the way changes nothing. The rules deny an agent these commands in the first place.
/// </summary>
internal static class Person
{
    /// <summary>More generations than this are not climbed; a chain that long is nobody's.</summary>
    private const int MaximumGenerations = 64;

    // What agents set in the environment of the commands they run.
    private static readonly string[] s_marks =
    [
        "CLAUDECODE", "CLAUDE_CODE_CHILD_SESSION", "CLAUDE_CODE_ENTRYPOINT", "CLAUDE_CODE_SESSION_ID", "AI_AGENT", "AMP_THREAD_ID", "FACTORY_PROJECT_DIR", "CODEX_SANDBOX",
        "CODEX_THREAD_ID", "GEMINI_CLI", "QWEN_CODE", "CURSOR_AGENT", "OPENCODE", "COPILOT_CLI", "AGENT=amp",
    ];

    private static readonly string[] s_agents =
        ["claude", "codex", "gemini", "qwen", "cursor-agent", "opencode", "amp", "aider", "copilot", "goose", "crush", "droid", "auggie", "kiro-cli", "cline", "roo", "kilocode"];

    /// <summary>Throws where no person can be seen to sit here.</summary>
    /// <param name="command">What was to be done, for the sentence.</param>
    public static void Require(string command)
    {
        if (AgentAbove() is { } agent)
            throw new CliException($"'{command}' is for people: {agent}. Run it in a terminal that no agent started.");
        if (Console.IsInputRedirected || !HasTerminal())
            throw new CliException($"'{command}' is for people: it needs a terminal, and there is none here.");
    }

    /// <summary>Throws where an agent started this. For what takes back a person's word but no protection of the rules: a terminal is not asked for.</summary>
    public static void RefuseAgents(string command)
    {
        if (AgentAbove() is { } agent)
            throw new CliException($"'{command}' is for people: {agent}. Run it in a terminal that no agent started.");
    }

    /// <summary>Makes a person's change and puts it into the ledger, in one transaction. What <paramref name="change"/> throws undoes it.</summary>
    /// <param name="kind">The event of the row.</param>
    /// <param name="what">What was changed, for the row.</param>
    /// <param name="change">Gets the store, the surroundings and the moment; returns what was done, as a sentence without its full stop.</param>
    public static int Change(ReadOnlySpan<byte> kind, string what, Func<GateStore, Surroundings, long, string> change)
    {
        Places places = Workplace.Places();
        Surroundings here = Workplace.Here(places);
        using GateStore store = Workplace.Store(places);
        store.Begin();
        try
        {
            string done = change(store, here, Libc.WallMilliseconds());
            store.Append(Rows.OfPerson(kind, new ByteBuilder().Add("{\"change\":"u8).AddJson(what).Add(",\"done\":"u8).AddJson(done).Add("}"u8).ToArray(), here), countAction: false);
            store.Commit();
            Terminal.Line(char.ToUpperInvariant(done[0]) + done[1..] + ".");
            return 0;
        }
        catch
        {
            store.Rollback();
            throw;
        }
    }

    private static bool HasTerminal()
    {
        try
        {
            using FileStream terminal = new("/dev/tty", FileMode.Open, FileAccess.ReadWrite);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    // Null, or the words that say which process above this one is an agent's.
    private static string? AgentAbove()
    {
        int process = Environment.ProcessId;
        for (int generation = 0; process > 1; generation++)
        {
            string folder = $"/proc/{process}";
            if (generation == MaximumGenerations || Read(folder + "/stat") is not { } status)
                return "the processes above this one cannot be looked at";
            string name = status[(status.IndexOf('(', StringComparison.Ordinal) + 1)..status.LastIndexOf(')')];
            if (generation > 0 && Array.IndexOf(s_agents, name) >= 0)
                return $"this was started by {name}";
            if (generation > 0 && Named(Read(folder + "/cmdline")) is { } started)
                return $"this was started by {started}";
            if (Marked(Read(folder + "/environ")) is { } mark)
                return $"the environment bears an agent's mark, {mark}";
            string[] fields = status[(status.LastIndexOf(')') + 2)..].Split(' ');
            process = fields.Length > 1 && int.TryParse(fields[1], out int parent) ? parent : 0;
        }

        return null;
    }

    // The program, or the script that an interpreter runs: "node /usr/bin/claude".
    private static string? Named(string? line)
    {
        string[] words = (line ?? "").Split('\0');
        for (int i = 0; i < Math.Min(2, words.Length); i++)
        {
            string name = Path.GetFileNameWithoutExtension(words[i]);
            if (Array.IndexOf(s_agents, name) >= 0)
                return name;
        }

        return null;
    }

    private static string? Marked(string? environment)
    {
        foreach (string variable in (environment ?? "").Split('\0'))
        {
            foreach (string mark in s_marks)
            {
                if (variable == mark || (variable.Length > mark.Length && variable[mark.Length] == '=' && variable.StartsWith(mark, StringComparison.Ordinal)))
                    return mark;
            }
        }

        return null;
    }

    // Null for what another user owns; its marks are not this user's agent's.
    private static string? Read(string path)
    {
        try
        {
            return Encoding.UTF8.GetString(File.ReadAllBytes(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
