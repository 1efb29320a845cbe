using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;
using Gate.Tests.Support;

namespace Gate.Tests.Structure;

/// <summary>The rooms of src/Gate in their order, and what each source names once comments and texts are taken out.</summary>
internal static partial class Rooms
{
    /// <summary>A room may name only rooms above it.</summary>
    public static readonly string[] Order = ["Text", "Native", "Hooks", "Requests", "Bundles", "Shell", "Expansion", "Effects", "Redaction", "Policy", "Lessons", "Store", "Responses", "Compiler", "Cli"];

    /// <summary>Rooms without I/O, clock and environment.</summary>
    public static readonly string[] Pure = ["Text", "Hooks", "Shell", "Expansion", "Effects", "Policy", "Lessons", "Redaction", "Responses"];

    public sealed record Source(string Path, string Room, string Code);

    /// <summary>All sources; the room of a file beside the rooms is "".</summary>
    public static readonly Source[] All = [.. from file in Sources.In("src/Gate")
        let below = file.Path["src/Gate/".Length..]
        let slash = below.IndexOf('/')
        select new Source(file.Path, slash < 0 ? "" : below[..slash], Bare(file.Text))];

    // Types by room, so that a name like Text.Length is not taken for the room Text.
    private static readonly Dictionary<string, HashSet<string>> s_types = All.GroupBy(source => source.Room).ToDictionary(
        room => room.Key,
        room => room.SelectMany(source => TypeName().Matches(source.Code).Select(match => match.Groups[1].Value)).ToHashSet());

    /// <summary>The rooms that a source names: by using, by full name, or by a type's name with the room before it.</summary>
    public static IEnumerable<string> NamedBy(Source source) =>
        from room in Order
        where room != source.Room
        where Regex.IsMatch(source.Code, $@"\bGate\.{room}\b") || Regex.Matches(source.Code, $@"(?<![\w.]){room}\.(\w+)").Any(match => s_types.GetValueOrDefault(room)?.Contains(match.Groups[1].Value) == true)
        select room;

    /// <summary>A text without its comments and without what stands in quotes.</summary>
    public static string Bare(string text) => CommentOrText().Replace(text, match => match.Value[0] == '/' ? " " : "\"\"");

    [GeneratedRegex("""//[^\n]*|/\*.*?\*/|\"{3,}.*?\"{3,}|@?\$?"(?:\\.|[^"\\\n])*"|'(?:\\.[^']*|[^'\\])'""", RegexOptions.Singleline)]
    private static partial Regex CommentOrText();

    [GeneratedRegex(@"\b(?:class|struct|enum|interface|record|delegate \w+)\s+(\w+)")]
    private static partial Regex TypeName();
}
