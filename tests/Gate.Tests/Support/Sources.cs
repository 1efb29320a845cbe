using System.Collections.Generic;
using System.IO;
using System.Linq;
using Gate.Fuzz;

namespace Gate.Tests.Support;

/// <summary>The repository's own files, for the tests that read them.</summary>
internal static class Sources
{
    public static string Root => Corpus.Root;

    public static string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);

    /// <summary>C# sources below a folder, as (path from the root, text); without what builds leave.</summary>
    public static IEnumerable<(string Path, string Text)> In(string folder) =>
        from path in Directory.EnumerateFiles(PathOf(folder), "*.cs", SearchOption.AllDirectories)
        let relative = Path.GetRelativePath(Root, path)
        where !relative.Split('/').Any(part => part is "bin" or "obj")
        orderby relative
        select (relative, File.ReadAllText(path));

    /// <summary>Every file below a folder, of any kind; without what builds leave.</summary>
    public static IEnumerable<string> Files(string folder) =>
        from path in Directory.EnumerateFiles(PathOf(folder), "*", SearchOption.AllDirectories)
        let relative = Path.GetRelativePath(Root, path)
        where !relative.Split('/').Any(part => part is "bin" or "obj")
        orderby relative
        select relative;
}
