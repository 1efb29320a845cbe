using System;
using System.Collections.Generic;
using Gate.Expansion;
using Gate.Text;

namespace Gate.Effects;

/// <summary>One program call in the making: what was read off its words so far.</summary>
internal sealed class Call(byte[] program, Frame frame, Span span, Flow input, ShellState state)
{
    public byte[] Program { get; set; } = program;

    public byte[] Subcommand { get; set; } = [];

    public byte[][] Words { get; set; } = [];

    public Frame Frame { get; } = frame;

    public Span Span { get; } = span;

    public Flow Input { get; } = input;

    public ShellState State { get; } = state;

    /// <summary>Where it works: an option may move it (git -C). Null: not known.</summary>
    public byte[]? Directory { get; set; } = state.Directory;

    public Attributes Sets { get; set; }

    /// <summary>Reading operands are written, deleted … instead; <see cref="Verb.None"/>: as they are.</summary>
    public Verb Turns { get; set; }

    /// <summary>Nothing is changed: a dry run.</summary>
    public bool Drops { get; set; }

    /// <summary>It only prints help or its version.</summary>
    public bool Only { get; set; }

    /// <summary>Its command runs where the environment is another one.</summary>
    public bool Inside { get; set; }

    /// <summary>Its command runs in a container that is made for it and is given nothing of this machine.</summary>
    public bool Elsewhere { get; set; }

    /// <summary>It is given folders that nobody can tell from the text: a named volume may be any.</summary>
    public bool Shares { get; set; }

    /// <summary>Variables that its command gets: env NAME=VALUE.</summary>
    public Variable[] Assigned { get; set; } = [];

    /// <summary>Its command starts with an empty environment.</summary>
    public bool ClearsAll { get; set; }

    /// <summary>Variables that its command does not see; a name may be partly known.</summary>
    public byte[][] Clears { get; set; } = [];

    /// <summary>Something was piped or redirected into it; without that an interactive program is ended at once by the agent's shell.</summary>
    public bool Piped => !Input.IsTerminal;

    /// <summary>Its input is code or leaves the machine because an operand said so ("-").</summary>
    public bool TookInput { get; set; }

    /// <summary>Has operands of the usual kind; those that an option gave other roles do not count.</summary>
    public bool HasOperands { get; set; }

    /// <summary>One of its operands was a command, which was looked into.</summary>
    public bool RanCommand { get; set; }

    /// <summary>Its command gets words from its input, one run after the other.</summary>
    public bool Feeds { get; set; }

    /// <summary>The file that the words come from instead of the input.</summary>
    public Flow? Fed { get; set; }

    /// <summary>Folders that a container sees, by their names here and there.</summary>
    public List<(byte[] Here, byte[] There)> Mounts { get; } = [];

    /// <summary>What flowed in: input, files read, texts given.</summary>
    public Taint Taint { get; set; }

    /// <summary>What follows its code among the operands: $0, $1 ….</summary>
    public Value[] CodeArguments { get; set; } = [];

    /// <summary>What it would print, where a nested command or a file says so.</summary>
    public Flow? Output { get; set; }

    /// <summary>An operand named a package.</summary>
    public bool Packages { get; set; }

    /// <summary>Options whose effects hold even where others are dropped.</summary>
    public int Insisted { get; set; }

    /// <summary>The words that are no options, in order.</summary>
    public List<Value> Operands { get; } = [];

    /// <summary>The first of them as texts; those that are not known are left out.</summary>
    public byte[][] OperandTexts
    {
        get
        {
            if (_texts is null)
            {
                byte[][] texts = new byte[Math.Min(Operands.Count, MaximumOperandTexts)][];
                int count = 0;
                for (int i = 0; i < texts.Length; i++)
                {
                    if (!Operands[i].HasHole)
                        texts[count++] = Operands[i].Text;
                }

                _texts = count == texts.Length ? texts : texts[..count];
            }

            return _texts;
        }
    }

    /// <summary>More operands than this are not kept with its effects.</summary>
    public const int MaximumOperandTexts = 16;

    private byte[][]? _texts;

    /// <summary>A sub-command that is itself what is acted on: git checkout FILE.</summary>
    public Value? PathWord { get; set; }

    /// <summary>The name a search is narrowed to; null where it is not.</summary>
    public byte[]? NamePattern { get; set; }

    /// <summary>Paths that a search is narrowed to; beside all that lies below its start points they are judged by themselves.</summary>
    public Value? PathPattern { get; set; }

    /// <summary>What an option says its output is made of; default: as the program's entry says.</summary>
    public Output Prints { get; set; }

    public List<byte[]> Objects { get; } = [];

    public List<EffectShape> Effects { get; } = [];

    /// <summary>Hosts it sends to or fetches from, noted at the end when it is known whether a secret goes along.</summary>
    public List<(Verb Verb, byte[] Host)> Hosts { get; } = [];

    /// <summary>Files it writes what it fetched or read into.</summary>
    public List<(byte[] Path, Value Value)> Written { get; } = [];

    /// <summary>What it is told to write, where a field of its input says it.</summary>
    public WrittenText? Writes { get; set; }

    /// <summary>Operands that it copies, moves or links to.</summary>
    public List<Value> Sources { get; } = [];

    /// <summary>It makes links: its operands are what they lead to.</summary>
    public bool Links { get; set; }

    /// <summary>The operands are texts of symbolic links.</summary>
    public bool Symbolic { get; set; }

    /// <summary>Addresses it fetches from: files that are not named get their last part as a name.</summary>
    public List<byte[]> Addresses { get; } = [];

    /// <summary>A search whose first operand is what it looks for (fd), not where.</summary>
    public bool LooksFor { get; set; }

    /// <summary>How much it reads or writes at most, where sizes and counts say so; they are multiplied.</summary>
    public double Size { get; set; }

    /// <summary>It writes a known number of zeros or of random bytes.</summary>
    public bool Zeros { get; set; }

    /// <summary>How many of them were said.</summary>
    public int Sizes { get; set; }
}
