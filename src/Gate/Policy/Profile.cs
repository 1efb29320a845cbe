using Gate.Bundles;

namespace Gate.Policy;

/// <summary>
/// The effective profile in a bundle. The record: u32 name, u8 auto, u8 ask, u8 grant, u8 unknown-tool outcome,
/// u32 budget name, u32 actions, u32 minutes (0: no limit), u32 levels that are on (bits), u32 what single tools are held to (a text for people, a line each).
/// </summary>
public readonly struct Profile
{
    public const int Size = 28;

    public Profile(Bundle bundle)
    {
        (int at, _) = bundle.Find(Section.Profile);
        Name = System.Text.Encoding.UTF8.GetString(bundle.Text((int)bundle.Word(at)));
        Auto = bundle.Byte(at + 4);
        Ask = bundle.Byte(at + 5);
        Grant = bundle.Byte(at + 6) != 0;
        UnknownTool = (Outcome)bundle.Byte(at + 7);
        Budget = System.Text.Encoding.UTF8.GetString(bundle.Text((int)bundle.Word(at + 8)));
        BudgetActions = (int)bundle.Word(at + 12);
        BudgetMinutes = (int)bundle.Word(at + 16);
        Levels = (int)bundle.Word(at + 20);
    }

    public string Name { get; init; }

    /// <summary>Zones up to this one are allowed.</summary>
    public int Auto { get; init; }

    /// <summary>Zones above <see cref="Auto"/> up to this one are asked; above it they are denied.</summary>
    public int Ask { get; init; }

    /// <summary>An allow answers "allow"; else it says nothing and the agent's own permission flow goes on.</summary>
    public bool Grant { get; init; }

    public Outcome UnknownTool { get; init; }

    public string Budget { get; init; }

    public int BudgetActions { get; init; }

    public int BudgetMinutes { get; init; }

    /// <summary>Guard levels that are on, as bits: 1 irreversible, 2 dangerous, 3 injection, 4 exfiltration, 5 personal.</summary>
    public int Levels { get; init; }

    /// <summary>What single tools are held to, one line for each entry; no decision reads it.</summary>
    public static string ToolsIn(Bundle bundle)
    {
        (int at, _) = bundle.Find(Section.Profile);
        return System.Text.Encoding.UTF8.GetString(bundle.Text((int)bundle.Word(at + 24)));
    }
}
