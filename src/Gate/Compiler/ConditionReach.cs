using System.Buffers.Binary;
using System.Collections.Generic;
using System.Text;
using Gate.Effects;
using Gate.Policy;

namespace Gate.Compiler;

/// <summary>
/// What effects a condition can hold for, never too narrow: sets of verbs, kinds and places as bits, attributes that must and must not be there, and the
/// programs it asks for (null: any). Where one of them is empty, it holds for nothing.
/// </summary>
internal sealed record ConditionReach(uint Verbs, uint Kinds, uint Classes, ulong With, ulong Without, HashSet<string>? Programs)
{
    private const uint Any = uint.MaxValue;

    private static readonly ConditionReach s_all = new(Any, Any, Any, 0, 0, null), s_nothing = new(0, 0, 0, 0, 0, []);

    public bool IsEmpty => Verbs == 0 || Kinds == 0 || Classes == 0 || (With & Without) != 0 || Programs is { Count: 0 };

    public static ConditionReach Of(ConditionTree tree)
    {
        switch (tree.Test)
        {
            case Test.Verb:
                return s_all with { Verbs = BinaryPrimitives.ReadUInt32LittleEndian(tree.Rest) };
            case Test.Kind:
                return s_all with { Kinds = BinaryPrimitives.ReadUInt32LittleEndian(tree.Rest) };
            case Test.Class:
                return s_all with { Classes = BinaryPrimitives.ReadUInt32LittleEndian(tree.Rest) };
            case Test.Attributes:
                return s_all with { With = BinaryPrimitives.ReadUInt64LittleEndian(tree.Rest) };
            case Test.Under or Test.Reaches:
                return s_all with { Kinds = 1u << (int)Kind.Path };
            case Test.WrittenMatches or Test.WrittenSize or Test.WrittenSecret:
                return s_all with { Verbs = 1u << (int)Verb.Write, Kinds = 1u << (int)Kind.Path };
            case Test.Program:
                return s_all with { Programs = [.. tree.Texts().ConvertAll(Encoding.UTF8.GetString)] };
            case Test.Not:
                return OfNot(tree.Children[0]);
            case Test.All:
            {
                ConditionReach all = s_all;
                foreach (ConditionTree child in tree.Children)
                    all = all.And(Of(child));
                return all;
            }

            case Test.Any:
            {
                ConditionReach any = s_nothing;
                foreach (ConditionTree child in tree.Children)
                    any = any.Or(Of(child));
                return any;
            }

            default:
                return s_all;
        }
    }

    // Exact where one test is turned round; else anything.
    private static ConditionReach OfNot(ConditionTree inner) => inner.Test switch
    {
        Test.Always => s_nothing,
        Test.Verb => s_all with { Verbs = ~BinaryPrimitives.ReadUInt32LittleEndian(inner.Rest) & ((1u << Names.VerbCount) - 1) },
        Test.Kind => s_all with { Kinds = ~BinaryPrimitives.ReadUInt32LittleEndian(inner.Rest) & ((1u << Names.KindCount) - 1) },
        Test.Class => s_all with { Classes = ~BinaryPrimitives.ReadUInt32LittleEndian(inner.Rest) & ((1u << Names.PathClassCount) - 1) },
        Test.AnyAttribute => s_all with { Without = BinaryPrimitives.ReadUInt64LittleEndian(inner.Rest) },
        _ => s_all,
    };

    private ConditionReach And(ConditionReach other) => new(
        Verbs & other.Verbs, Kinds & other.Kinds, Classes & other.Classes, With | other.With, Without | other.Without,
        Programs is null ? other.Programs : other.Programs is null ? Programs : [.. new List<string>(Programs).FindAll(other.Programs.Contains)]);

    private ConditionReach Or(ConditionReach other) => IsEmpty ? other : other.IsEmpty ? this : new(
        Verbs | other.Verbs, Kinds | other.Kinds, Classes | other.Classes, With & other.With, Without & other.Without,
        Programs is null || other.Programs is null ? null : [.. Programs, .. other.Programs]);
}
