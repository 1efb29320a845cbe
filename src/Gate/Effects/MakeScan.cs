using System;
using System.Collections.Generic;
using Gate.Expansion;
using Gate.Text;

namespace Gate.Effects;

/// <summary>Makefiles, as far as they are shell: recipes, lines behind a semicolon, <c>$(shell …)</c>, and the variables that these use.</summary>
internal static class MakeScan
{
    /// <summary>Longer values of variables are not put in.</summary>
    private const int MaximumValue = 1 << 12;

    public static void Find(byte[] text, Runner runner, Frame frame, Span span, byte[] program, ShellState state)
    {
        List<(byte[] Name, byte[] Value)> variables = [];
        ReadOnlySpan<byte> rest = text;
        while (rest.Length > 0)
        {
            ReadOnlySpan<byte> line = NextLine(ref rest);
            int shell = line.IndexOf("$(shell "u8), colon = line.IndexOf((byte)':'), semicolon = line.IndexOf((byte)';');
            if (line.Length > 0 && line[0] == '\t')
                runner.RunShell(ToShell(line.TrimStart("\t @-+"u8), variables), frame, span, program, state);
            else if (IsAssignment(line, out int name, out int value))
                variables.Add((line[..name].ToArray(), ToShell(line[value..].Trim(" \t"u8), variables)));
            else if (colon > 0 && semicolon > colon)
                runner.RunShell(ToShell(line[(semicolon + 1)..].TrimStart(" @-+"u8), variables), frame, span, program, state);
            if (shell >= 0)
                runner.RunShell(ToShell(line[(shell + 8)..].TrimEnd(" )"u8), variables), frame, span, program, state);
        }
    }

    // A line that ends with a backslash goes on in the next one.
    private static ReadOnlySpan<byte> NextLine(ref ReadOnlySpan<byte> rest)
    {
        int end = 0;
        while (end < rest.Length && (rest[end] != '\n' || (end > 0 && rest[end - 1] == '\\')))
            end++;
        ReadOnlySpan<byte> line = rest[..end];
        rest = end < rest.Length ? rest[(end + 1)..] : default;
        return line;
    }

    // NAME = value, NAME := value, NAME ?= value, NAME ::= value.
    private static bool IsAssignment(ReadOnlySpan<byte> line, out int name, out int value)
    {
        name = 0;
        while (name < line.Length && (char.IsAsciiLetterOrDigit((char)line[name]) || line[name] == '_'))
            name++;
        int at = name;
        while (at < line.Length && line[at] is (byte)' ' or (byte)'\t')
            at++;
        while (at < line.Length && line[at] is (byte)':' or (byte)'?')
            at++;
        value = at + 1;
        return name > 0 && at < line.Length && line[at] == '=';
    }

    // The last assignment counts; values are worked out where they are given, so that none can grow without end.
    private static byte[]? ValueOf(ReadOnlySpan<byte> name, List<(byte[] Name, byte[] Value)> variables)
    {
        for (int i = variables.Count - 1; i >= 0; i--)
        {
            if (name.SequenceEqual(variables[i].Name))
                return variables[i].Value.Length <= MaximumValue ? variables[i].Value : null;
        }

        return null;
    }

    // $$ is the shell's dollar, $(NAME) and ${NAME} are make's variables, $@ and the like are names that only make knows.
    private static byte[] ToShell(ReadOnlySpan<byte> recipe, List<(byte[] Name, byte[] Value)> variables)
    {
        if (recipe.IndexOf((byte)'$') < 0)
            return recipe.ToArray();
        ByteBuilder shell = new(recipe.Length + 16);
        for (int i = 0; i < recipe.Length; i++)
        {
            byte next = i + 1 < recipe.Length ? recipe[i + 1] : (byte)0;
            if (recipe[i] != '$')
            {
                shell.Add(recipe[i]);
                continue;
            }

            i++;
            if (next == '$')
            {
                shell.Add((byte)'$');
            }
            else if (next is (byte)'(' or (byte)'{')
            {
                int length = recipe[(i + 1)..].IndexOf(next == '(' ? (byte)')' : (byte)'}');
                ReadOnlySpan<byte> inside = length < 0 ? default : recipe.Slice(i + 1, length);
                bool plain = inside.Length > 0 && inside.IndexOfAny(" ,$(:"u8) < 0;
                if (plain && ValueOf(inside, variables) is { } value)
                    shell.Add(value);
                else
                    shell.Add("${"u8).Add(plain ? inside : "GATE_UNKNOWN"u8).Add((byte)'}');
                i = length < 0 ? recipe.Length : i + 1 + length;
            }
            else
            {
                shell.Add("${GATE_UNKNOWN}"u8);
            }
        }

        return shell.ToArray();
    }
}
