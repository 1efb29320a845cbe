using System;
using System.IO;

namespace Gate.Fuzz;

/// <summary>Finds the corpus of this repository from where the program lies.</summary>
public static class Corpus
{
    public static string Root { get; } = FindRoot();

    public static string Shell => Path.Combine(Root, "tests", "corpus", "shell");

    public static string Crashes => Path.Combine(Root, "tests", "corpus", "crashes");

    public static byte[][] Texts() =>
        Array.ConvertAll([.. Directory.GetFiles(Path.Combine(Shell, "ok")), .. Directory.GetFiles(Path.Combine(Shell, "err"))], File.ReadAllBytes);

    private static string FindRoot()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder != null && !File.Exists(Path.Combine(folder, "Gate.sln")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder ?? throw new InvalidOperationException("Gate.sln is nowhere above " + AppContext.BaseDirectory);
    }
}
