using Gate.Effects;
using Gate.Lessons;
using Gate.Policy;
using Gate.Tests.Support;
using Xunit;
using Action = Gate.Policy.Action;

namespace Gate.Tests.Lessons;

public class ThumbsTests
{
    private const long Day = 24 * 3600 * 1000L, Now = 1_800_000_000_000;

    [Fact]
    public void Half_is_gone_after_each_half_life()
    {
        Thumbs thumbs = new(2000, Now);
        Assert.Equal([2000, 1000, 500, 250], [thumbs.At(Now), thumbs.At(Now + Thumbs.HalfLife), thumbs.At(Now + (2 * Thumbs.HalfLife)), thumbs.At(Now + (3 * Thumbs.HalfLife))]);
        Assert.Equal(1500, thumbs.At(Now + (Thumbs.HalfLife / 2)));
        Assert.Equal(0, thumbs.At(long.MaxValue - 1));
    }

    [Fact]
    public void It_never_grows_with_time_and_a_clock_that_goes_back_changes_nothing() => Holds.Always(dice =>
    {
        Thumbs thumbs = new(dice.Roll(251) * 20, Now);
        long a = dice.Roll(256) * 4 * Day, b = a + (dice.Roll(256) * 3600000L);
        return thumbs.At(Now + b) <= thumbs.At(Now + a) && thumbs.At(Now - a) == thumbs.Score && thumbs.At(Now + a) >= 0;
    });

    [Fact]
    public void Nobody_piles_up_more_than_the_maximum_or_less_than_nothing()
    {
        Thumbs thumbs = default;
        for (int i = 0; i < 100; i++)
            thumbs = thumbs.Plus(Thumbs.Thumb, Now);
        Assert.Equal(Thumbs.Maximum, thumbs.Score);
        for (int i = 0; i < 100; i++)
            thumbs = thumbs.Plus(-Thumbs.Approval, Now);
        Assert.Equal(0, thumbs.Score);
    }

    [Theory]
    [InlineData(1, 0, Action.Ask)]
    [InlineData(2, 0, Action.Deny)]
    [InlineData(2, 46, Action.Ask)]
    [InlineData(1, 179, Action.Ask)]
    [InlineData(1, 181, Action.Log)]
    [InlineData(3, 80, Action.Deny)]
    public void One_thumb_asks_two_deny_and_all_of_it_fades(int thumbs, int days, Action action)
    {
        Lesson lesson = Of(PathAct("./a", 1, Verb.Delete), Rung.Object);
        for (int i = 0; i < thumbs; i++)
            lesson.Thumbs = lesson.Thumbs.Plus(Thumbs.Thumb, Now);
        Assert.Equal(action, lesson.ActionAt(Now + (days * Day)));
    }

    [Fact]
    public void Firm_ones_do_not_fade_but_end()
    {
        Lesson lesson = Of(PathAct("./a", 1, Verb.Delete), Rung.Object);
        (lesson.Firm, lesson.Thumbs, lesson.Expires) = (true, new Thumbs(1000, Now), Now + (1000 * Day));
        Assert.Equal((Action.Deny, Action.Deny, Action.Log), (lesson.ActionAt(Now), lesson.ActionAt(Now + (999 * Day)), lesson.ActionAt(Now + (1000 * Day))));
    }

    [Theory]
    [InlineData(Rung.Kind, 1, Action.Ask)]
    [InlineData(Rung.Act, 2, Action.Ask)]
    [InlineData(Rung.Act, 4, Action.Deny)]
    [InlineData(Rung.Object, 1, Action.Deny)]
    public void What_names_nothing_in_particular_never_denies_ordinary_work(Rung rung, int zone, Action action)
    {
        Lesson lesson = Of(PathAct("./a", zone, Verb.Write), rung);
        lesson.Firm = true;
        Assert.Equal(action, lesson.ActionAt(Now));
    }

    [Theory]
    [InlineData("write", 1, Outcome.Allow, Action.Warn)]
    [InlineData("delete", 1, Outcome.Allow, Action.Ask)]
    [InlineData("run", 2, Outcome.Allow, Action.Ask)]
    [InlineData("send", 4, Outcome.Ask, Action.Deny)]
    [InlineData("delete", 1, Outcome.Ask, Action.Deny)]
    public void One_thumb_goes_a_step_beyond_what_the_rules_say(string verb, int zone, Outcome without, Action first) =>
        Assert.Equal(first, Lesson.FirstOf(PathAct("./a", zone, (Verb)System.Array.IndexOf(Names.AllVerbs(), verb)), without));

    private static Lesson Of(Act act, Rung rung) => new() { Pattern = Pattern.Of(act, rung)!, First = Action.Ask };

    private static Act PathAct(string path, int zone, Verb verb) => new() { Verb = verb, Kind = Kind.Path, Class = PathClass.Workspace, Zone = zone, Program = "rm"u8.ToArray(), Object = System.Text.Encoding.UTF8.GetBytes(path) };
}
