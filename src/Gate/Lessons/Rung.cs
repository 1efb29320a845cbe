using System;

namespace Gate.Lessons;

/// <summary>How far a lesson reaches, from narrow to broad. Numbers are the store's: append, never reorder.</summary>
public enum Rung : byte
{
    /// <summary>The same act by the same program and sub-command on the same object, with these operands at least; where there are none and nothing graver is known of it, with these options.</summary>
    Call,
    /// <summary>The same act on the same object, whichever options; files, hosts, packages, processes and scripts by whichever program.</summary>
    Object,
    /// <summary>The same act on objects like it: in the same folder, of the same domain, with the same beginning of the name.</summary>
    Like,
    /// <summary>The same act by the same program and sub-command, on anything.</summary>
    Act,
    /// <summary>The same act on anything of its kind and place, by whichever program.</summary>
    Kind,
}

/// <summary>The names of rungs, on the command line and in output.</summary>
public static class RungNames
{
    public static readonly string[] All = ["call", "object", "like", "act", "kind"];

    public static string Of(Rung rung) => All[(int)rung];

    public static Rung? Parse(string name) => Array.IndexOf(All, name) is >= 0 and int at ? (Rung)at : null;
}
