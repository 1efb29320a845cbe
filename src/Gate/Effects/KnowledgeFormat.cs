namespace Gate.Effects;

// What is known of programs, as it stands in a bundle. Numbers are the wire format: append, never reorder.
//
// Programs (section): u32 slots, then slots of u64 hash, u32 specification (0: empty slot), u32 name text.
// Specification: u8 style, u8 flags, u8 input role, u8 input language, u8 output, u8 effect count, u8 operand count, u8 makes,
//   u32 options, u16 option count, u16 sub-command count, u32 sub-commands, u32 default specification,
//   effects of 11 bytes (u8 verb, u8 kind, u8 special, u64 attributes), operands of 3 bytes (u8 role, u8 language, u8 repeats).
// Option: u16 length of the entry, u8 name count, names (u8 length, bytes), u16 flags, then in this order where its flag is set:
//   value (u8 role, u8 language), attributes u64, effects (u8 count, 11 each), turns u8 verb, prints u8 output, operands (u8 count, 3 each), second value (u8 role,
//   u8 language).
// Sub-command: u8 length, name, u32 specification.

/// <summary>How a program reads its words.</summary>
public enum WordStyle : byte
{
    Gnu, Single, Plain, First, Assign,
}

/// <summary>What is done with an operand or the value of an option.</summary>
public enum Role : byte
{
    Text, Read, Write, Delete, ChangeMode, Enter, Fetch, Send, Listen, Upload, UploadFile, Code, Script, Command, Line, Program, Assignment, Package, Object,
    Refspec, Host, RemoteRead, RemoteWrite, Module, GitConfig, SshOption, Mount, Method, HttpItem, SearchPath, EnvironmentOptions,
    Revision, Repository, MakeWord, GitParameters, GitValue, Address, NamedLine, Source, Size, Look, Header, Content, Pathspec,
}

/// <summary>What a standard output is made of.</summary>
public enum Output : byte
{
    Default, Input, Decoded, Network, Secret, Text,

    /// <summary>Names of files below the paths it reads, or below the folder it works in.</summary>
    Names,

    /// <summary>Names of files below the folder it works in, whatever it reads.</summary>
    Entries,

    /// <summary>The folder it works in.</summary>
    Directory,

    /// <summary>The top folder of the work tree.</summary>
    Worktree,

    /// <summary>Shell code that prepares a session, which the program itself answers for: eval "$(ssh-agent -s)".</summary>
    Setup,

    /// <summary>Its input, but no more of it than was asked for.</summary>
    Bounded,

    /// <summary>Data without an end.</summary>
    Endless,

    /// <summary>What belongs to a person: the clipboard, a picture of the screen.</summary>
    Personal,

    /// <summary>The values of the variables that its operands name.</summary>
    Variables,

    /// <summary>The jobs of this shell.</summary>
    Jobs,
}

/// <summary>What becomes of the files that a program writes, beside being written.</summary>
public enum Makes : byte
{
    /// <summary>They hold what the program makes of its input.</summary>
    None,
    /// <summary>They hold what its operands hold.</summary>
    Copy,
    /// <summary>They stand for its operands.</summary>
    Link,
    /// <summary>They are its operands, under another name.</summary>
    Move,
}

/// <summary>Languages of code that a program can be given.</summary>
public enum Language : byte
{
    None, Shell, Python, Node, Perl, Ruby, Php, Sql, Awk, Sed, Make, Vim, PowerShell, Lua, Other, Cron, Batch,
}

/// <summary>Flags of a specification.</summary>
[System.Flags]
public enum SpecificationFlags : byte
{
    None = 0, Strict = 1, InputWhenBare = 2, TarStyle = 4, Inside = 8, Feeds = 16, ByValue = 32, Fresh = 64, Context = 128,
}

/// <summary>What an option's entry carries.</summary>
[System.Flags]
public enum OptionFlags : ushort
{
    None = 0, Value = 1, Optional = 2, Sets = 4, Effects = 8, Turns = 16, Operands = 32, Drops = 64, Only = 128, Insists = 256, Prints = 512, Second = 1024, Before = 2048, Clears = 4096,
}

/// <summary>Names used in rules/commands, beside those of effects.</summary>
public static class KnowledgeNames
{
    public static string[] Styles => ["gnu", "single", "plain", "first", "assign"];

    public static string[] Roles =>
    [
        "text", "read", "write", "delete", "change-mode", "enter", "fetch", "send", "listen", "upload", "upload-file", "code", "script", "command", "line", "program",
        "assignment", "package", "object", "refspec", "host", "remote-read", "remote-write", "module", "git-config", "ssh-option", "mount", "method", "http-item", "search-path", "env-options",
        "revision", "repository", "make-word", "git-parameters", "git-value", "address", "named-line", "source", "size", "look", "header", "content", "pathspec",
    ];

    public static string[] Outputs => ["default", "input", "decoded", "network", "secret", "text", "names", "entries", "directory", "worktree", "setup", "bounded", "endless", "personal", "variables", "jobs"];

    public static string[] Makings => ["none", "copy", "link", "move"];

    public static string[] Languages => ["none", "sh", "python", "node", "perl", "ruby", "php", "sql", "awk", "sed", "make", "vim", "powershell", "lua", "other", "cron", "batch"];
}
