using System;
using System.Buffers.Binary;
using Gate.Bundles;
using Gate.Effects;
using Gate.Text;

namespace Gate.Policy;

/// <summary>
/// The parts of an encoded condition: one byte, then what it needs. Numbers are the bundle's wire format: append, never reorder.
/// Groups hold u8 count, then each child as u16 length and bytes. Text lists hold u8 count, then each text as u8 length and bytes; lists of
/// automata (regular expressions) u8 count, then the place of each in the bundle as u32. What the later ones need is in ConditionParts.cs.
/// </summary>
public enum Test : byte
{
    All, Any, Not, Verb, Kind, Class, Attributes, AnyAttribute, Program, Subcommand, Word, Option, Wrapper, Target, Tool, Server, Agent, Subagent, Always, TargetMatches, WordMatches,
    LineMatches, Prefix, Under, Reaches, Input, Environment, WrittenMatches, WrittenSize, WrittenSecret, Context, Session,
}

/// <summary>What a condition may ask about besides the effect.</summary>
public sealed class CallFacts
{
    /// <summary>The tool's name as the agent gave it.</summary>
    public byte[] Tool { get; init; } = [];

    /// <summary>The MCP server of an <c>mcp__server__tool</c> call; empty for others.</summary>
    public byte[] Server { get; init; } = [];

    /// <summary>The agent's name: <c>claude-code</c>.</summary>
    public byte[] Agent { get; init; } = [];

    /// <summary>The kind of sub-agent that makes the call; empty for the main one.</summary>
    public byte[] Subagent { get; init; } = [];

    /// <summary>The tool's input, a JSON object; empty where there is none.</summary>
    public ReadOnlyMemory<byte> Input { get; init; }

    /// <summary>What <c>~/</c> and <c>./</c> in a condition stand for; empty where it is not known.</summary>
    public byte[] Home { get; init; } = [];

    public byte[] Worktree { get; init; } = [];

    /// <summary>What a person said about the session and its worktree (<see cref="PersonFacts"/>), and the moment that it is asked at; null before the store was read.</summary>
    public byte[]? Said { get; set; }

    /// <summary>Milliseconds since 1970.</summary>
    public long Now { get; set; }
}

/// <summary>Evaluates encoded conditions. A part it does not know makes the whole condition an error, never false in silence.</summary>
public static partial class Condition
{
    /// <summary>Groups in groups deeper than this are refused at build.</summary>
    public const int MaximumDepth = 16;

    /// <param name="code">The encoded condition.</param>
    /// <param name="effect">What it is held against.</param>
    /// <param name="facts">What it may ask besides.</param>
    /// <param name="bundle">Where its automata lie.</param>
    /// <param name="doubt">What counts where only a run would tell: true for what tightens, false for what loosens.</param>
    public static bool Holds(ReadOnlySpan<byte> code, Effect effect, CallFacts facts, Bundle bundle, bool doubt = true)
    {
        ReadOnlySpan<byte> rest = code[1..];
        switch ((Test)code[0])
        {
            case Test.Always:
                return true;
            case Test.All:
            case Test.Any:
            {
                bool any = code[0] == (byte)Test.Any;
                int count = rest[0], at = 1;
                for (int i = 0; i < count; i++)
                {
                    int length = BinaryPrimitives.ReadUInt16LittleEndian(rest[at..]);
                    if (Holds(rest.Slice(at + 2, length), effect, facts, bundle, doubt) == any)
                        return any;
                    at += 2 + length;
                }

                return !any;
            }

            case Test.Not:
                return !Holds(rest, effect, facts, bundle, !doubt);
            case Test.Verb:
                return (BinaryPrimitives.ReadUInt32LittleEndian(rest) >> (int)effect.Verb & 1) != 0;
            case Test.Kind:
                return (BinaryPrimitives.ReadUInt32LittleEndian(rest) >> (int)effect.Kind & 1) != 0;
            case Test.Class:
                return (BinaryPrimitives.ReadUInt32LittleEndian(rest) >> (int)effect.Class & 1) != 0;
            case Test.Attributes:
            {
                ulong wanted = BinaryPrimitives.ReadUInt64LittleEndian(rest);
                return ((ulong)effect.Attributes & wanted) == wanted;
            }

            case Test.AnyAttribute:
                return ((ulong)effect.Attributes & BinaryPrimitives.ReadUInt64LittleEndian(rest)) != 0;
            case Test.Program:
                return AnyEquals(rest, effect.Program);
            case Test.Subcommand:
                return AnySubcommand(rest, effect.Subcommand);
            case Test.Word:
                return AnyOf(rest, effect.Words, option: false);
            case Test.Option:
                return AnyOf(rest, effect.Words, option: true);
            case Test.Wrapper:
                return AnyOf(rest, effect.Wrappers, option: false);
            case Test.Target:
                return AnyGlob(rest, effect.Target);
            case Test.Tool:
                return AnyGlob(rest, facts.Tool);
            case Test.Server:
                return AnyGlob(rest, facts.Server);
            case Test.Agent:
                return AnyGlob(rest, facts.Agent);
            case Test.Subagent:
                return AnyGlob(rest, facts.Subagent);
            case Test.TargetMatches:
                return AnyAutomaton(bundle, rest, effect.Target);
            case Test.WordMatches:
                foreach (byte[] word in effect.Words)
                {
                    if (AnyAutomaton(bundle, rest, word))
                        return true;
                }

                return false;
            case Test.LineMatches:
                return AnyAutomaton(bundle, rest, Line(effect));
            case Test.Prefix:
                return AnyPrefix(rest, effect);
            case Test.Under:
                return AnyFolder(rest, effect, facts, mayReach: false);
            case Test.Reaches:
                return AnyFolder(rest, effect, facts, mayReach: true);
            case Test.Input:
                return Keeps(rest, facts.Input.Span);
            case Test.Environment:
                return Holds(rest, effect.Environment, doubt);
            case Test.WrittenMatches:
                return effect.Written is { } matched && AnyIn(bundle, rest, matched.Seen);
            case Test.WrittenSize:
                return effect.Written is { } counted && counted.Length >= BinaryPrimitives.ReadUInt32LittleEndian(rest);
            case Test.WrittenSecret:
                return effect.Written is { } searched && HoldsSecret(rest[0], searched, bundle, doubt);
            case Test.Context:
                return effect.Context is { } context && (context.AsSpan().IndexOf((byte)0) >= 0 ? doubt : AnyGlob(rest, context));
            case Test.Session:
                return facts.Said is { } said ? AnySaid(rest, said, facts.Now) : doubt;
            default:
                throw new InvalidOperationException("the bundle holds a condition that this gate does not know");
        }
    }

    private static ReadOnlySpan<byte> Next(ref ReadOnlySpan<byte> list)
    {
        ReadOnlySpan<byte> text = list.Slice(1, list[0]);
        list = list[(1 + text.Length)..];
        return text;
    }

    private static bool AnyEquals(ReadOnlySpan<byte> list, ReadOnlySpan<byte> value)
    {
        int count = list[0];
        list = list[1..];
        for (int i = 0; i < count; i++)
        {
            if (Next(ref list).SequenceEqual(value))
                return true;
        }

        return false;
    }

    // "stash" holds for "stash drop": a sub-command's words are matched from the front, whole words only.
    private static bool AnySubcommand(ReadOnlySpan<byte> list, ReadOnlySpan<byte> value)
    {
        int count = list[0];
        list = list[1..];
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> text = Next(ref list);
            if (value.StartsWith(text) && (value.Length == text.Length || value[text.Length] == ' '))
                return true;
        }

        return false;
    }

    private static bool AnyGlob(ReadOnlySpan<byte> list, ReadOnlySpan<byte> value)
    {
        int count = list[0];
        list = list[1..];
        for (int i = 0; i < count; i++)
        {
            if (Glob.Matches(Next(ref list), value))
                return true;
        }

        return false;
    }

    private static bool AnyAutomaton(Bundle bundle, ReadOnlySpan<byte> list, ReadOnlySpan<byte> value)
    {
        for (int i = 0; i < list[0]; i++)
        {
            int place = (int)BinaryPrimitives.ReadUInt32LittleEndian(list[(1 + (i * 4))..]);
            if (Automaton.Matches(new TableInBundle(bundle, place), value))
                return true;
        }

        return false;
    }

    private readonly struct TableInBundle(Bundle bundle, int place) : Automaton.ITable
    {
        public ReadOnlySpan<byte> At(int offset, int length) => bundle.At(place + offset, length);
    }

    private static bool AnyOf(ReadOnlySpan<byte> list, byte[][] words, bool option)
    {
        int count = list[0];
        list = list[1..];
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> text = Next(ref list);
            foreach (byte[] word in words)
            {
                if (text.SequenceEqual(word) || (option && IsOption(text, word)))
                    return true;
            }
        }

        return false;
    }

    // --force holds for --force=x; -f holds for -xf, a cluster of one-letter options.
    private static bool IsOption(ReadOnlySpan<byte> option, ReadOnlySpan<byte> word)
    {
        if (word.Length < 2 || word[0] != '-')
            return false;
        if (option.StartsWith("--"u8))
            return word.Length > option.Length && word.StartsWith(option) && word[option.Length] == '=';
        return option.Length == 2 && word[1] != '-' && word[1..].IndexOf(option[1]) >= 0;
    }
}
