using Gate.Bundles;

namespace Gate.Policy;

/// <summary>
/// The effective profile in a bundle. The record: u32 name, u8 auto, u8 ask, u8 grant, u8 unknown-tool outcome,
/// u32 budget name, u32 actions, u32 minutes (0: no limit).
/// </summary>
public readonly struct Profile
{
    public const int Size = 20;

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
}
