using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;
using Gate.Tests.Support;
using Xunit;

namespace Gate.Tests.Structure;

/// <summary>What keeps the rooms apart, read from the sources themselves.</summary>
public class RoomTests
{
    [Fact]
    public void A_room_names_only_rooms_above_it() => Assert.Empty(
        from source in Rooms.All
        where source.Room.Length > 0
        from named in Rooms.NamedBy(source)
        where Array.IndexOf(Rooms.Order, named) > Array.IndexOf(Rooms.Order, source.Room)
        select $"{source.Path} names {named}");

    [Fact]
    public void Every_folder_is_a_room() => Assert.Empty(Rooms.All.Select(source => source.Room).Where(room => room.Length > 0).Distinct().Except(Rooms.Order));

    [Fact]
    public void Namespaces_are_folders() => Assert.Empty(
        from file in Sources.In("src").Concat(Sources.In("tests"))
        let folder = file.Path[(file.Path.IndexOf('/', StringComparison.Ordinal) + 1)..file.Path.LastIndexOf('/')].Replace('/', '.')
        let declared = Regex.Match(Rooms.Bare(file.Text), @"^namespace ([\w.]+)", RegexOptions.Multiline).Groups[1].Value
        where declared.Length > 0 && declared != folder
        select $"{file.Path} declares {declared}");

    /// <summary>Pure rooms take nothing from the system but what is listed here.</summary>
    [Fact]
    public void Pure_rooms_use_only_harmless_parts_of_the_library()
    {
        string[] harmless = ["System", "System.Buffers", "System.Buffers.Binary", "System.Buffers.Text", "System.Collections.Generic", "System.Diagnostics.CodeAnalysis", "System.Globalization", "System.Numerics", "System.Runtime.CompilerServices", "System.Runtime.InteropServices", "System.Text", "System.Text.Json"];
        HashSet<string> known = [.. from type in (Type[])[typeof(object), typeof(Enumerable), typeof(Regex), typeof(System.Diagnostics.Process), typeof(Console), typeof(System.Text.Json.JsonDocument), typeof(System.Net.Sockets.Socket), typeof(System.Net.Http.HttpClient)]
            from exported in type.Assembly.GetExportedTypes()
            where exported.Namespace is not null
            select exported.Namespace];
        Assert.Empty(
            from source in Rooms.All
            where Rooms.Pure.Contains(source.Room)
            from Match named in Regex.Matches(source.Code, @"\bSystem(\.[A-Z]\w*)*")
            let space = SpaceOf(named.Value)
            where !harmless.Contains(space)
            select $"{source.Path} uses {space}");

        // The longest part of a name that is a namespace: System.Text of System.Text.Encoding.UTF8.
        string SpaceOf(string name)
        {
            while (name.Contains('.', StringComparison.Ordinal) && !known.Contains(name))
                name = name[..name.LastIndexOf('.')];
            return name;
        }
    }

    [Fact]
    public void Pure_rooms_ask_neither_machine_nor_clock_nor_themselves()
    {
        string[] banned =
        [
            @"(?:(?<![\w.])|\bSystem\.)(File|Path|Console|Environment|DateTime|DateTimeOffset|TimeProvider|Stopwatch|Random|Guid|Activator|AppContext|Process|Thread|Task|Timer|GC|Regex|Assembly|Type)\.[A-Z]",
            @"\.GetType\(", @"\bDllImport\b", @"\bLibraryImport\b", @"\bunsafe\b", @"\bstackalloc\s+nint\b", @"\basync\b", @"\bawait\b", @"\bdynamic\b", @"\bThreadStatic\b", @"\.(Where|Select|OrderBy|ToList|ToDictionary)\(", @"\bfrom \w+ in\b",
        ];
        Assert.Empty(
            from source in Rooms.All
            where Rooms.Pure.Contains(source.Room)
            from pattern in banned
            from Match found in Regex.Matches(source.Code, pattern)
            select $"{source.Path}: {found.Value}");
    }

    /// <summary>Statics that change would make a decision depend on the one before.</summary>
    [Fact]
    public void Pure_rooms_keep_nothing_between_calls() => Assert.Empty(
        from source in Rooms.All
        where Rooms.Pure.Contains(source.Room)
        from Match found in Regex.Matches(source.Code, @"^\s*(?:public|internal|private|protected)\s+static\s+(?!readonly|class|partial|unsafe|ref|extern)[\w<>\[\],.? ]+\s+\w+\s*(?:=[^>]|;)", RegexOptions.Multiline)
        select $"{source.Path}: {found.Value.Trim()}");

    [Fact]
    public void Only_rooms_at_the_machine_name_Native() => Assert.Empty(
        from source in Rooms.All
        where source.Room is not ("" or "Requests" or "Bundles" or "Store" or "Compiler" or "Cli" or "Native")
        where Rooms.NamedBy(source).Contains("Native")
        select source.Path);

    /// <summary>The one exception: who owns a settings file, which only the command line asks.</summary>
    [Fact]
    public void Native_calls_are_declared_in_Native_alone() => Assert.Equal(
        ["src/Gate/Cli/FileFacts.cs"],
        Rooms.All.Where(source => source.Room != "Native" && Regex.IsMatch(source.Code, @"\b(DllImport|LibraryImport)\b")).Select(source => source.Path));

    /// <summary>The way of a hook: everything but the compiler and the command line. Program's one call to the latter is its other way.</summary>
    [Fact]
    public void The_hook_path_never_names_Compiler_or_Cli() => Assert.Empty(
        from source in Rooms.All
        where source.Room is not ("Compiler" or "Cli")
        let code = source.Path == "src/Gate/Program.cs" ? Regex.Replace(source.Code, @"return Cli\.CommandLine\.Run\(arguments\);", "") : source.Code
        from named in Rooms.NamedBy(source with { Code = code })
        where named is "Compiler" or "Cli"
        select $"{source.Path} names {named}");

    /// <summary>Each of these costs a start that a hook cannot afford, or brings what a static binary cannot hold.</summary>
    [Fact]
    public void The_hook_path_never_touches_what_starts_slowly()
    {
        string[] banned = [@"\bSystem\.Linq\b", @"\bRegularExpressions\b", @"\bSystem\.Net\b", @"\bSystem\.Reflection\b", @"\bSystem\.Security\b", @"(?<![\w.])Console\.", @"\bSystem\.IO\b", @"\bJsonSerializer\b", @"\bJsonDocument\b", @"\bSystem\.Threading\b", @"\bSystem\.Diagnostics\.Process\b"];
        Assert.Empty(
            from source in Rooms.All
            where source.Room is not ("Compiler" or "Cli")
            from pattern in banned
            where Regex.IsMatch(source.Code, pattern)
            select $"{source.Path}: {pattern}");
    }

    /// <summary>The second reads only what a rule in the bundle asks for, as a fact about the call.</summary>
    [Fact]
    public void Nothing_reads_policy_from_the_environment() => Assert.Equal(
        ["src/Gate/HookArguments.cs", "src/Gate/Requests/PathQuestions.cs"],
        Rooms.All.Where(source => source.Room is not ("Native" or "Cli") && Regex.IsMatch(source.Code, @"Libc\.Environment|GetEnvironmentVariable")).Select(source => source.Path));

    /// <summary>The check itself: what it must see, and what it must not.</summary>
    [Theory]
    [InlineData("using Gate.Store;", true)]
    [InlineData("class A { Gate.Store.Database d; }", true)]
    [InlineData("class A { Store.Database d; }", true)]
    [InlineData("// using Gate.Store;", false)]
    [InlineData("/// <see cref=\"Store.Database\"/>", false)]
    [InlineData("class A { string s = \"Gate.Store\"; }", false)]
    [InlineData("class A { int n = pipeline.Store.Database; }", false)]
    [InlineData("class A { int n = Store.Length; }", false)]
    public void The_reader_of_sources_sees_names_and_not_words(string code, bool named)
    {
        IEnumerable<string> rooms = Rooms.NamedBy(new Rooms.Source("x.cs", "Text", Rooms.Bare(code)));
        Assert.Equal(named, rooms.Contains("Store"));
    }
}
