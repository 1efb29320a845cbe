using System;
using System.Diagnostics;
using System.IO;
using System.Security.Cryptography;

namespace Gate.Fuzz;

// dotnet run --project tests/Gate.Fuzz -- --seconds N [--seed S]
// Mutates tests/corpus/shell for N seconds and checks the invariants; what breaks one is kept in tests/corpus/crashes, where an
// ordinary test replays it for ever. Exit code 1 when something was found.
internal static class Program
{
    private static int Main(string[] args)
    {
        int seconds = 10, seed = Environment.TickCount;
        for (int i = 0; i + 1 < args.Length; i += 2)
        {
            if (!int.TryParse(args[i + 1], out int value) || args[i] is not ("--seconds" or "--seed"))
            {
                Console.Error.WriteLine("usage: Gate.Fuzz [--seconds N] [--seed S]");
                return 2;
            }

            (seconds, seed) = args[i] == "--seconds" ? (value, seed) : (seconds, value);
        }

        byte[][] corpus = Corpus.Texts();
        var mutator = new Mutator(seed);
        var watch = Stopwatch.StartNew();
        long texts = 0;
        int found = 0;
        while (watch.Elapsed.TotalSeconds < seconds && found < 20)
        {
            byte[] text = mutator.Next(corpus);
            texts++;
            if (Invariants.Violated(text) is { } violated)
            {
                found++;
                string path = Path.Combine(Corpus.Crashes, Convert.ToHexStringLower(SHA256.HashData(text))[..12] + ".sh");
                Directory.CreateDirectory(Corpus.Crashes);
                File.WriteAllBytes(path, text);
                Console.WriteLine($"{path}: {violated}");
            }
        }

        Console.WriteLine($"{texts} texts in {seconds} s, seed {seed}: {found} found");
        return found == 0 ? 0 : 1;
    }
}
