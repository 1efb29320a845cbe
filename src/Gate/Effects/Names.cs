using System;

namespace Gate.Effects;

/// <summary>The names of the closed sets in rule files, output and ledger rows. One table each, both ways.</summary>
public static class Names
{
    public static string Of(Verb verb) => verb switch
    {
        Verb.None => "none", Verb.Read => "read", Verb.Write => "write", Verb.Delete => "delete", Verb.ChangeMode => "change-mode", Verb.Fetch => "fetch",
        Verb.Send => "send", Verb.Listen => "listen", Verb.Run => "run", Verb.Discard => "discard", Verb.Rewrite => "rewrite", Verb.Publish => "publish",
        Verb.Install => "install", Verb.Create => "create", Verb.Change => "change", Verb.Destroy => "destroy", Verb.Signal => "signal", Verb.Raise => "raise",
        Verb.Touch => "touch", Verb.Opaque => "opaque",
        _ => throw new ArgumentOutOfRangeException(nameof(verb)),
    };

    public static string Of(Kind kind) => kind switch
    {
        Kind.None => "none", Kind.Path => "path", Kind.Host => "host", Kind.Code => "code", Kind.History => "history", Kind.Package => "package",
        Kind.Infrastructure => "infrastructure", Kind.Data => "data", Kind.Process => "process", Kind.Privilege => "privilege", Kind.System => "system",
        Kind.Governance => "governance", Kind.Service => "service", Kind.Memory => "memory",
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    public static string Of(PathClass place) => place switch
    {
        PathClass.None => "none", PathClass.Workspace => "workspace", PathClass.OtherWorktree => "other-worktree", PathClass.GitDirectory => "git-directory",
        PathClass.Temporary => "temporary", PathClass.Home => "home", PathClass.StartUp => "start-up", PathClass.Secret => "secret",
        PathClass.AgentConfiguration => "agent-configuration", PathClass.Governance => "governance", PathClass.Device => "device", PathClass.System => "system",
        PathClass.Outside => "outside", PathClass.Unknown => "unknown",
        _ => throw new ArgumentOutOfRangeException(nameof(place)),
    };

    private static string OfBit(int bit) => bit switch
    {
        0 => "recursive", 1 => "forced", 2 => "root", 3 => "regenerable", 4 => "pattern", 5 => "remote", 6 => "protected", 7 => "lease", 8 => "all",
        9 => "secret-data", 10 => "known", 11 => "project", 12 => "from-network", 13 => "unattended", 14 => "locked", 15 => "disguised", 16 => "executable", 17 => "decoded",
        18 => "personal", 19 => "overwritten", 20 => "endless", 21 => "substituted",
        _ => throw new ArgumentOutOfRangeException(nameof(bit)),
    };

    public const int VerbCount = 20, KindCount = 14, PathClassCount = 14, AttributeCount = 22;

    /// <summary>The single attribute with this number (0 to <see cref="AttributeCount"/> - 1).</summary>
    public static string OfAttribute(int bit) => OfBit(bit);

    public static string[] AllVerbs() => Table(VerbCount, i => Of((Verb)i));

    public static string[] AllKinds() => Table(KindCount, i => Of((Kind)i));

    public static string[] AllPathClasses() => Table(PathClassCount, i => Of((PathClass)i));

    public static string[] AllAttributes() => Table(AttributeCount, OfBit);

    private static string[] Table(int count, Func<int, string> name)
    {
        string[] names = new string[count];
        for (int i = 0; i < count; i++)
            names[i] = name(i);
        return names;
    }
}
