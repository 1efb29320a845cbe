using System;
using System.Text.Json;
using Gate.Effects;
using Gate.Hooks;
using Gate.Text;

namespace Gate.Policy;

/// <summary>Kinds of JSON values, as bits of one byte; the names stand in <see cref="Condition.ValueKinds"/>.</summary>
[Flags]
public enum ValueKinds : byte
{
    None = 0, Text = 1, Number = 2, Flag = 4, List = 8, Map = 16, Null = 32,
}

// The tests that look at more than one word of an effect. Encoded: Prefix as a text list, words one space apart; Under and Reaches as a list of
// u8 base (see FolderBase), u8 length, glob; Environment as u8 length, name, text list of globs; Input as u8 whether there is a list of allowed
// fields, then text lists of required, allowed and denied ones, then u8 count and each u8 length, name, u8 kinds.
public static partial class Condition
{
    /// <summary>What a folder of a condition begins with: nothing, the home, the worktree.</summary>
    public const byte FromRoot = 0, FromHome = 1, FromWorktree = 2;

    /// <summary>Fields that a list of bounds may name.</summary>
    public const int MaximumFields = 63;

    public static string[] ValueKinds => ["text", "number", "flag", "list", "map", "null"];

    // The command as one line: its words as the program would get them, one space apart.
    private static byte[] Line(Effect effect)
    {
        ByteBuilder line = new(128);
        line.Add(effect.Program);
        foreach (byte[] word in effect.Words)
            line.Add((byte)' ').Add(word);
        return line.ToArray();
    }

    private static bool AnyPrefix(ReadOnlySpan<byte> list, Effect effect)
    {
        // A file that only bears the name (./ls) is another program.
        ReadOnlySpan<byte> target = effect.Target;
        if (effect.Kind == Kind.Code && target.Length > 0 && target[(target.LastIndexOf((byte)'/') + 1)..].SequenceEqual(effect.Program))
            return false;
        int count = list[0];
        list = list[1..];
        for (int i = 0; i < count; i++)
        {
            if (IsPrefix(Next(ref list), effect))
                return true;
        }

        return false;
    }

    // Whole words, from the program on; a word that is not known is none.
    private static bool IsPrefix(ReadOnlySpan<byte> wanted, Effect effect)
    {
        for (int word = -1; ; word++)
        {
            int space = wanted.IndexOf((byte)' ');
            ReadOnlySpan<byte> first = space < 0 ? wanted : wanted[..space];
            if (word >= effect.Words.Length || !first.SequenceEqual(word < 0 ? effect.Program : effect.Words[word]))
                return false;
            if (space < 0)
                return true;
            wanted = wanted[(space + 1)..];
        }
    }

    // Inside one of the folders for certain; or, where it may reach there, perhaps as well: a path that is not known, or a folder above with all that is below.
    private static bool AnyFolder(ReadOnlySpan<byte> list, Effect effect, CallFacts facts, bool mayReach)
    {
        if (effect.Kind != Kind.Path)
            return false;
        bool vague = effect.Class == PathClass.Unknown || effect.Target is not [(byte)'/', ..];
        if (vague)
            return mayReach;
        ReadOnlySpan<byte> path = effect.Target;
        bool open = (effect.Attributes & (Attributes.Recursive | Attributes.Pattern)) != 0;
        int unknown = path.IndexOfAny("\0\u001a*?["u8);
        if (unknown >= 0)
        {
            if (path[unknown..].IndexOf("/.."u8) >= 0)
                return mayReach;
            path = path[..Math.Max(1, path[..unknown].LastIndexOf((byte)'/'))];
            open = true;
        }

        int count = list[0];
        list = list[1..];
        for (int i = 0; i < count; i++)
        {
            byte from = list[0];
            list = list[1..];
            ReadOnlySpan<byte> glob = Next(ref list), folder = from == FromHome ? facts.Home : from == FromWorktree ? facts.Worktree : default;
            if (from != FromRoot && folder.Length == 0)
            {
                if (mayReach)
                    return true;
                continue;
            }

            if (IsInside(path, folder, glob) || (mayReach && open && IsAbove(path, folder, glob)))
                return true;
        }

        return false;
    }

    private static bool IsInside(ReadOnlySpan<byte> path, ReadOnlySpan<byte> folder, ReadOnlySpan<byte> glob)
    {
        folder = folder.Length == 1 ? default : folder;
        if (!path.StartsWith(folder) || (folder.Length > 0 && path.Length > folder.Length && path[folder.Length] != '/'))
            return false;
        ReadOnlySpan<byte> rest = path[folder.Length..];
        if (glob.Length == 0 || Glob.Matches(glob, rest))
            return true;

        // What lies below something that matches lies inside as well.
        for (int slash = rest.Length - 1; slash > 0; slash--)
        {
            if (rest[slash] == '/' && Glob.Matches(glob, rest[..slash]))
                return true;
        }

        return false;
    }

    // Whether the written beginning of a folder lies below a path.
    private static bool IsAbove(ReadOnlySpan<byte> path, ReadOnlySpan<byte> folder, ReadOnlySpan<byte> glob)
    {
        int wild = glob.IndexOfAny("*?"u8);
        ReadOnlySpan<byte> written = [.. folder, .. wild < 0 ? glob : glob[..wild]];
        return path.Length <= 1 || (written.StartsWith(path) && (written.Length == path.Length || written[path.Length] == '/')) || (wild >= 0 && path.StartsWith(written));
    }

    private static bool AnySaid(ReadOnlySpan<byte> list, ReadOnlySpan<byte> said, long now)
    {
        int count = list[0];
        list = list[1..];
        for (int i = 0; i < count; i++)
        {
            if (PersonFacts.Says(said, Next(ref list), now))
                return true;
        }

        return false;
    }

    private static bool Holds(ReadOnlySpan<byte> code, EnvironmentFact[]? environment, bool doubt)
    {
        ReadOnlySpan<byte> name = Next(ref code);
        foreach (EnvironmentFact fact in environment ?? [])
        {
            if (!name.SequenceEqual(fact.Name))
                continue;
            if (fact.Value is not { } value)
                return false;
            if (value.AsSpan().IndexOfAny((byte)0, (byte)0x1A) >= 0)
                return doubt;
            return AnyGlob(code, value) && (fact.Certain || doubt);
        }

        return doubt;
    }

    // Whether a tool's input keeps its bounds. What cannot be read does not.
    private static bool Keeps(ReadOnlySpan<byte> code, ReadOnlySpan<byte> input)
    {
        bool closed = code[0] != 0;
        ReadOnlySpan<byte> required = code[1..], allowed = Behind(required), denied = Behind(allowed), kinds = Behind(denied);
        ulong found = 0;
        try
        {
            Utf8JsonReader reader = new(input, new JsonReaderOptions { MaxDepth = ClaudeCode.MaximumDepth });
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
                return false;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                ReadOnlySpan<byte> name = JsonFields.Name(reader);
                reader.Read();
                if ((closed && !AnyEquals(allowed, name)) || AnyEquals(denied, name) || !IsOfKind(kinds, name, reader.TokenType))
                    return false;
                if (reader.TokenType != JsonTokenType.Null)
                    found |= 1UL << NumberOf(required, name) >> 1;
                reader.Skip();
            }
        }
        catch (JsonException)
        {
            return false;
        }

        return ulong.PopCount(found) == required[0];
    }

    // Counted from 1, of at most MaximumFields; 0 (which the shift drops): not among them.
    private static int NumberOf(ReadOnlySpan<byte> list, ReadOnlySpan<byte> name)
    {
        int count = list[0];
        list = list[1..];
        for (int i = 1; i <= count; i++)
        {
            if (Next(ref list).SequenceEqual(name))
                return i;
        }

        return 0;
    }

    private static ReadOnlySpan<byte> Behind(ReadOnlySpan<byte> list)
    {
        int count = list[0];
        list = list[1..];
        for (int i = 0; i < count; i++)
            _ = Next(ref list);
        return list;
    }

    private static bool IsOfKind(ReadOnlySpan<byte> kinds, ReadOnlySpan<byte> name, JsonTokenType token)
    {
        ValueKinds kind = token switch
        {
            JsonTokenType.String => Policy.ValueKinds.Text, JsonTokenType.Number => Policy.ValueKinds.Number, JsonTokenType.True or JsonTokenType.False => Policy.ValueKinds.Flag,
            JsonTokenType.StartArray => Policy.ValueKinds.List, JsonTokenType.StartObject => Policy.ValueKinds.Map, _ => Policy.ValueKinds.Null,
        };
        int count = kinds[0];
        kinds = kinds[1..];
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> field = Next(ref kinds);
            if (field.SequenceEqual(name) && ((ValueKinds)kinds[0] & kind) == 0)
                return false;
            kinds = kinds[1..];
        }

        return true;
    }
}
