using System.Text;
using Gate.Native;
using Gate.Requests;

namespace Gate;

/// <summary>
/// The arguments of <c>gate hook AGENT [--home DIR] [--state DIR] [--config DIR]</c>. <c>gate init</c> pins the folders, so that nothing
/// in the agent's environment can point Gate at other ones.
/// </summary>
internal static class HookArguments
{
    /// <summary>Null, or what is wrong.</summary>
    public static string? Read(string[] arguments, out Places? places)
    {
        places = null;
        if (arguments.Length < 2 || arguments[1] != "claude-code")
            return "the hook is wired without a known agent; run 'gate init --agent claude-code' in a terminal.";
        string? home = null, state = null, config = null;
        for (int i = 2; i < arguments.Length; i += 2)
        {
            if (i + 1 == arguments.Length || !arguments[i + 1].StartsWith('/'))
                return $"the hook's option '{arguments[i]}' needs an absolute path; run 'gate init --agent claude-code' in a terminal.";
            switch (arguments[i])
            {
                case "--home": home = arguments[i + 1]; break;
                case "--state": state = arguments[i + 1]; break;
                case "--config": config = arguments[i + 1]; break;
                default: return $"the hook has an unknown option '{arguments[i]}'; run 'gate init --agent claude-code' in a terminal.";
            }
        }

        places = PlacesOf(home, state, config);
        return places is null ? "HOME is not set to an absolute path, so the store cannot be found." : null;
    }

    /// <summary>What is not given comes from HOME, XDG_STATE_HOME and XDG_CONFIG_HOME; null without a usable home.</summary>
    public static Places? PlacesOf(string? home, string? state, string? config)
    {
        byte[] homePath = home is null ? Variable("HOME\0"u8) : Encoding.UTF8.GetBytes(home);
        if (homePath.Length == 0 || homePath[0] != '/')
            return null;
        Places standard = Places.Under(homePath);
        return new Places { Home = homePath, State = Folder(state, home, "XDG_STATE_HOME\0"u8, standard.State), Configuration = Folder(config, home, "XDG_CONFIG_HOME\0"u8, standard.Configuration) };
    }

    private static byte[] Folder(string? given, string? home, System.ReadOnlySpan<byte> variable, byte[] standard)
    {
        if (given is not null)
            return Encoding.UTF8.GetBytes(given);
        byte[] value = home is null ? Variable(variable) : [];
        return value.Length > 0 && value[0] == '/' ? [.. value, .. "/gate"u8] : standard;
    }

    private static unsafe byte[] Variable(System.ReadOnlySpan<byte> name)
    {
        fixed (byte* n = name)
        {
            byte* value = Libc.Environment(n);
            if (value is null)
                return [];
            System.ReadOnlySpan<byte> text = System.Runtime.InteropServices.MemoryMarshal.CreateReadOnlySpanFromNullTerminated(value);
            while (text.Length > 1 && text[^1] == '/')
                text = text[..^1];
            return text.ToArray();
        }
    }
}
