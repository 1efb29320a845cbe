using System;
using System.IO;
using System.Text;
using Gate.Lessons;

namespace Gate.Cli;

/// <summary>The slash command <c>/thumbs-down</c>: a file beside the agent's settings. What it does, Gate's hook does when it hears of the prompt; the file tells the agent of it.</summary>
internal static class SlashCommand
{
    /// <summary>A file that holds this is Gate's own, of whichever version.</summary>
    private const string Mark = "<!-- written by gate init -->";

    private const string Text = """
        ---
        description: "Thumbs-down on the last call: Gate stops it, and what does the same, in every worktree"
        argument-hint: "[what went wrong]"
        disable-model-invocation: true
        ---
        <!-- written by gate init -->
        I gave a thumbs-down to your last call that did more than read. Gate's hook has taken it up already; what it says about it stands beside this prompt.
        Do not make that call again, in whatever way. Say in one or two sentences what you will do instead, and wait for my answer.

        What went wrong, in my words: $ARGUMENTS

        """;

    public static string PathBeside(string settings) => Path.Combine(Path.GetDirectoryName(settings)!, "commands", Encoding.UTF8.GetString(ThumbWords.Command) + ".md");

    /// <summary>Writes it; false where a file of somebody else has the name, or it is right already.</summary>
    public static bool Write(string settings)
    {
        string path = PathBeside(settings);
        if (File.Exists(path) && (File.ReadAllText(path) is var there && (there == Text || !there.Contains(Mark, StringComparison.Ordinal))))
            return false;
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, Text);
        return true;
    }

    /// <summary>Takes it away again, and its folder where that is empty then.</summary>
    public static void Remove(string settings)
    {
        string path = PathBeside(settings);
        if (!File.Exists(path) || !File.ReadAllText(path).Contains(Mark, StringComparison.Ordinal))
            return;
        File.Delete(path);
        string folder = Path.GetDirectoryName(path)!;
        if (Directory.GetFileSystemEntries(folder).Length == 0)
            Directory.Delete(folder);
    }
}
