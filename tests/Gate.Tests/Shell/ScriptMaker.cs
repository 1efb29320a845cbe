using System;
using System.Text;

namespace Gate.Tests.Shell;

/// <summary>Makes valid scripts at random, repeatable by seed: every production of the grammar, nested a few levels deep.</summary>
internal sealed class ScriptMaker(int seed)
{
    private readonly Random _random = new(seed);
    private readonly StringBuilder _documents = new();
    private int _documentNumber;

    /// <summary>Nested things still to be made, so that scripts stay readable when a property fails.</summary>
    private int _budget = 12;

    /// <summary>A script, in a layout that is as odd as the grammar allows in a few places.</summary>
    public string Make()
    {
        var script = new StringBuilder();
        for (int n = _random.Next(1, 5); n > 0; n--)
        {
            script.Append(AndOr(3)).Append(Pick("", " &", " ;")).Append(Pick("\n", "\n\n", " # comment\n"));
            script.Append(_documents);
            _documents.Clear();
        }

        return script.ToString();
    }

    private string Pick(params string[] choices) => choices[_random.Next(choices.Length)];

    private string Many(int least, int most, string between, Func<string> make)
    {
        var result = new StringBuilder();
        for (int n = _random.Next(least, most + 1), i = 0; i < n; i++)
        {
            result.Append(i == 0 ? "" : between).Append(make());
        }

        return result.ToString();
    }

    private string AndOr(int depth) => Many(1, 2, Pick(" && ", " || "), () => Pipeline(depth));

    /// <summary>Below the top no `time`: right behind `$(` bash 5.2 takes it for a word.</summary>
    private string Pipeline(int depth) => Pick("", "", "", "! ", depth == 3 ? "time -p " : "") + Many(1, 3, Pick(" | ", " |& "), () => Command(depth));

    /// <summary>A body on one line: here-documents are only made at the top, where their lines can follow.</summary>
    private string Body(int depth) => Many(1, 2, "; ", () => AndOr(depth)) + ";";

    private string Command(int depth)
    {
        if (depth <= 0 || --_budget < 0 || _random.Next(2) == 0)
        {
            return Simple(depth);
        }

        depth--;
        string command = _random.Next(12) switch
        {
            0 => $"if {Body(depth)} then {Body(depth)} {Pick("", $"elif {Body(depth)} then {Body(depth)} ", $"else {Body(depth)} ")}fi",
            1 => $"{Pick("while", "until")} {Body(depth)} do {Body(depth)} done",
            2 => $"for x in {Many(0, 3, " ", () => Word(depth))}; do {Body(depth)} done",
            3 => $"{Pick("for", "select")} name; {{ {Body(depth)} }}",
            4 => $"for (({Arithmetic(depth)}; {Arithmetic(depth)};)); do {Body(depth)} done",
            5 => $"case {Word(depth)} in {Many(0, 2, " ", () => $"{Pick("", "(")}{Word(depth)}|p) {Pick("", Body(depth))[..^0].TrimEnd(';')} {Pick(";;", ";&", ";;&")}")} esac",
            6 => $"{{ {Body(depth)} }}",
            7 => $"( {Body(depth)} )",
            8 => $"(( {Arithmetic(depth)} ))",
            9 => $"[[ {Condition(depth)} ]]",
            10 => $"{Pick("f", "g-h")}() {{ {Body(depth)} }}",
            _ => $"coproc {Pick("", "NAME ")}{{ {Body(depth)} }}",
        };
        return command + Many(0, 1, " ", () => " " + Redirect(depth));
    }

    private string Simple(int depth)
    {
        string assignments = Many(0, 2, "", () => Pick("A=", "B+=", "c[1]=") + Pick("", Word(depth)) + " ");
        string array = _random.Next(8) == 0 ? $"d=({Many(0, 3, "  ", () => Word(depth))}) " : "";
        string document = _random.Next(10) == 0 && depth == 3 ? Document() : "";
        return assignments + array + Pick("echo", "git", "rm") + Many(0, 3, "", () => " " + Word(depth)) + document + Many(0, 2, "", () => " " + Redirect(depth));
    }

    private string Document()
    {
        string name = "E" + _documentNumber++;
        bool quoted = _random.Next(2) == 0;
        _documents.Append($"text $x `a` $(b)\n it's \"\\$\" ${{y:-z}}\n{name}\n");
        return " <<" + (quoted ? $"'{name}'" : name);
    }

    private string Redirect(int depth) => Pick("", "2", "{fd}", "0") + (_random.Next(4) == 0 ? Pick(">&", "<&") + Pick("1", "-", "$x", "3-") : Pick("> ", ">>", "< ", ">|", "<> ", "<<< ") + Word(depth));

    private string Word(int depth) => Many(1, 3, "", () => Part(depth));

    private string Part(int depth)
    {
        if (depth <= 0 || --_budget < 0 || _random.Next(3) == 0)
        {
            return Pick("a", "b.c", "/usr", "-x", "~", "{1,2}", "\\ ", "\\$", "'s q'", "$'\\t'", "*", "?", "[a-z]", "$x", "$1", "$?", "%", "\"d q\"", "é");
        }

        depth--;
        return _random.Next(9) switch
        {
            0 => $"\"{Many(0, 3, " ", () => Quoted(depth))}\"",
            1 => $"$({Pick("", " ")}{Body(depth)})",
            2 => $"`{Pick("date", "echo \\`a\\`", "b | c")}`",
            3 => $"$(({Arithmetic(depth)}))",
            4 => $"${{x{Pick(":-", "-", ":=", "?", ":+", "#", "##", "%", "%%", "/", "//", "^^", ",")}{Word(depth)}}}",
            5 => $"${{{Pick("#x", "!x", "x[1]", "x[@]", "#x[@]", "!p*", "x:1:2", "x@Q", "#", "##")}}}",
            6 => $"{Pick("<", ">")}({Body(depth)})",
            7 => $"$\"{Quoted(depth)}\"",
            _ => $"$[{Arithmetic(depth)}]",
        };
    }

    private string Quoted(int depth) => depth <= 0 || --_budget < 0 ? Pick("a", "\\\"", "$x", "it's", "\\$") : Pick("$(", "$( ") + Body(depth - 1) + ")" + Pick("", "${y:-\"z\"}");

    private string Arithmetic(int depth) => Pick("1", "x", "i++", "(a + b) * 2", "a < b", "$x", "${#y}", "1, 2") + (depth > 0 ? Pick("", $" + $({Body(depth - 1)})") : "");

    private string Condition(int depth) => depth <= 0
        ? Pick("a", "-f x", "! b", "$x == *.c", "1 -lt 2", "a < b", "$x =~ ^(a|b)+$", "y != @(c|d)")
        : $"{Condition(depth - 1)} {Pick("&&", "||")} {Pick($"( {Condition(depth - 1)} )", Condition(0))}";
}
