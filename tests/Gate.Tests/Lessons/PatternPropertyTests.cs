using System;
using System.Text;
using Gate.Effects;
using Gate.Lessons;
using Gate.Policy;
using Gate.Requests;
using Gate.Tests.Support;
using Xunit;

namespace Gate.Tests.Lessons;

/// <summary>What must hold for every act, pattern and lesson, whatever they are made of.</summary>
public sealed class PatternPropertyTests
{
    private static readonly Verb[] s_verbs = [Verb.Write, Verb.Delete, Verb.Change, Verb.Destroy, Verb.Run, Verb.Publish, Verb.Fetch, Verb.Opaque, Verb.Signal];

    private static readonly Kind[] s_kinds = [Kind.Path, Kind.Host, Kind.Code, Kind.History, Kind.Package, Kind.Infrastructure, Kind.Data, Kind.Process, Kind.Service];

    private static readonly Attributes[] s_attributes = [Attributes.None, Attributes.Recursive, Attributes.Forced, Attributes.All, Attributes.Remote | Attributes.Protected, Attributes.FromNetwork, Attributes.Overwritten];

    [Fact]
    public void Whatever_holds_is_found_by_its_key() => Holds.Always(dice =>
    {
        Act one = ActOf(dice), two = dice.Flip() ? Like(one, dice) : ActOf(dice);
        Span<long> keys = stackalloc long[Pattern.MaximumKeys];
        int count = Pattern.Keys(two, keys);
        foreach (Rung rung in Enum.GetValues<Rung>())
        {
            if (Pattern.Of(one, rung) is { } pattern && pattern.Holds(two) && keys[..count].IndexOf(pattern.Key) < 0)
                return false;
        }

        return true;
    }, 20_000);

    [Fact]
    public void A_pattern_holds_for_the_act_that_it_was_made_of_and_never_in_zone_0() => Holds.Always(dice =>
    {
        Act act = ActOf(dice);
        foreach (Rung rung in Enum.GetValues<Rung>())
        {
            Pattern? pattern = Pattern.Of(act, rung);
            if (pattern is not null && (!pattern.Holds(act) || pattern.Holds(Zone(act, 0)) || !pattern.IsSame(Pattern.Of(act, rung)!) || pattern.Words().Length is 0 or > 1000))
                return false;
        }

        return Pattern.Of(act, Pattern.UsualRung(act)) is not null;
    });

    [Theory]
    [InlineData(Kind.Path, "/a")]
    [InlineData(Kind.Host, "a.")]
    [InlineData(Kind.Data, "a-")]
    public void The_keys_of_one_act_are_bounded(Kind kind, string part)
    {
        StringBuilder name = new();
        for (int i = 0; i < 200; i++)
            name.Append(part);
        Span<long> keys = stackalloc long[Pattern.MaximumKeys];
        Assert.InRange(Pattern.Keys(new Act { Verb = Verb.Delete, Kind = kind, Zone = 3, Object = Encoding.UTF8.GetBytes(name + "x.com") }, keys), 4, Pattern.MaximumKeys);
    }

    [Theory]
    [InlineData("node -v")]
    [InlineData("pwd")]
    [InlineData("ls -la src")]
    [InlineData("git status")]
    [InlineData("git log --oneline | head")]
    [InlineData("cat src/app.ts")]
    [InlineData("Read {\"file_path\":\"/home/dev/project/src/app.ts\"}")]
    [InlineData("Grep {\"pattern\":\"x\"}")]
    [InlineData("Glob {\"pattern\":\"**/*.ts\"}")]
    public void No_lesson_stops_looking(string call) => Holds.Always(dice =>
    {
        Decision decision = Asked(call);
        return Recollection.Tightened(decision, Recollection.Of(decision, s_here, _ => [Denying(ActOf(dice), dice)], 0)).Outcome == Outcome.Allow;
    }, 300);

    [Theory]
    [InlineData("Write {\"file_path\":\"/home/dev/project/src/app.ts\",\"content\":\"x\"}")]
    [InlineData("Edit {\"file_path\":\"/home/dev/project/README.md\",\"old_string\":\"a\",\"new_string\":\"b\"}")]
    [InlineData("npm run build")]
    [InlineData("mkdir src/new")]
    [InlineData("rm src/app.ts")]
    public void What_names_nothing_in_particular_asks_at_most_about_ordinary_work(string call)
    {
        Decision decision = Asked(call);
        foreach (Rung rung in (Rung[])[Rung.Act, Rung.Kind])
        {
            for (int i = 0; i < decision.Effects.Length; i++)
            {
                if (decision.Zones[i] == 0 || Pattern.Of(Act.Of(decision, i, s_here), rung) is not { } pattern)
                    continue;
                Lesson lesson = new() { Id = 1, Pattern = pattern, First = Gate.Policy.Action.Deny, Thumbs = new Thumbs(Thumbs.Maximum, 0), Firm = true };
                Assert.Equal(Outcome.Ask, Recollection.Tightened(decision, Recollection.Of(decision, s_here, _ => [lesson], 0)).Outcome);
            }
        }
    }

    private static readonly Surroundings s_here = new()
    {
        Directory = "/home/dev/project"u8.ToArray(), Worktree = "/home/dev/project"u8.ToArray(), GitDirectory = "/home/dev/project/.git"u8.ToArray(), Repository = "/home/dev/project/.git"u8.ToArray(), Home = "/home/dev"u8.ToArray(),
    };

    private static Decision Asked(string call)
    {
        int brace = call.IndexOf(" {", StringComparison.Ordinal);
        return brace > 0 ? Shipped.Decide(call[..brace], Encoding.UTF8.GetBytes(call[(brace + 1)..])) : Shipped.Decide(call);
    }

    private static Lesson Denying(Act act, Dice dice)
    {
        Rung rung = dice.Pick(Enum.GetValues<Rung>());
        Pattern pattern = Pattern.Of(act, rung) ?? Pattern.Of(act, Rung.Kind)!;
        return new Lesson { Id = 1, Pattern = pattern, First = Gate.Policy.Action.Deny, Thumbs = new Thumbs(Thumbs.Maximum, 0), Firm = true };
    }

    // Few choices, so that two acts often have something in common.
    private static Act ActOf(Dice dice) => new()
    {
        Verb = dice.Pick(s_verbs), Kind = dice.Pick(s_kinds), Class = dice.Pick(PathClass.None, PathClass.Workspace, PathClass.System), Attributes = dice.Pick(s_attributes), Zone = 1 + dice.Roll(5),
        Program = dice.Pick("rm"u8.ToArray(), "git"u8.ToArray(), []), Subcommand = dice.Pick([], "run"u8.ToArray(), "stash drop"u8.ToArray()), Object = ObjectOf(dice), Options = dice.Pick([], "--all"u8.ToArray(), "--all x"u8.ToArray(), "-f"u8.ToArray()),
    };

    private static byte[] ObjectOf(Dice dice)
    {
        string text = dice.Pick("", ".", "~", "/", "./", "a");
        foreach (string part in dice.Many(8, () => dice.Pick("/", "a", "b.c", ".", "-", ":", "example.com", "_x", "é")))
            text += part;
        return Encoding.UTF8.GetBytes(text);
    }

    // The same, but for one thing.
    private static Act Like(Act act, Dice dice) => new()
    {
        Verb = act.Verb, Kind = act.Kind, Class = act.Class, Zone = act.Zone, Attributes = dice.Flip() ? act.Attributes : act.Attributes | Attributes.Forced, Program = dice.Flip() ? act.Program : "unlink"u8.ToArray(),
        Subcommand = act.Subcommand, Object = dice.Pick(act.Object, [.. act.Object, .. "/b"u8], [.. "x."u8, .. act.Object], ObjectOf(dice)), Options = dice.Flip() ? act.Options : "--all --more x y"u8.ToArray(),
    };

    private static Act Zone(Act act, int zone) => new()
    {
        Verb = act.Verb, Kind = act.Kind, Class = act.Class, Zone = zone, Attributes = act.Attributes, Program = act.Program, Subcommand = act.Subcommand, Object = act.Object, Options = act.Options,
    };
}
