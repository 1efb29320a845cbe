using System;
using System.Buffers.Binary;
using Gate.Bundles;
using Gate.Effects;
using Gate.Redaction;
using Gate.Text;

namespace Gate.Policy;

// The tests that look into what a call writes, as far as it says that itself. Encoded: WrittenMatches as a list of automata, WrittenSize as u32 bytes,
// WrittenSecret as u8 kinds of secrets, one bit each. They stand last in their group: what is not asked about for another reason is not looked into.
public static partial class Condition
{
    private const int SecretKindsThatAreNotKnown = 1 << 8;

    // A whole table at once: a text of many bytes comes to most of its rows.
    private static bool AnyIn(Bundle bundle, ReadOnlySpan<byte> list, ReadOnlySpan<byte> text)
    {
        for (int i = 0; i < list[0]; i++)
        {
            int place = (int)BinaryPrimitives.ReadUInt32LittleEndian(list[(1 + (i * 4))..]);
            if (Automaton.MatchesIn(bundle.At(place, Automaton.LengthOf(bundle.At(place, Automaton.MapAt))), text))
                return true;
        }

        return false;
    }

    private static bool HoldsSecret(byte kinds, WrittenText written, Bundle bundle, bool doubt)
    {
        if (written.Secrets < 0)
            written.Secrets = SecretsIn(written.Seen, new RedactionTable(bundle));
        return (written.Secrets & kinds) != 0 || (doubt && written.Secrets == SecretKindsThatAreNotKnown);
    }

    private static int SecretsIn(ReadOnlySpan<byte> text, RedactionTable formats)
    {
        if (!formats.IsThere)
            return SecretKindsThatAreNotKnown;
        Redactor secrets = new(formats);
        _ = secrets.Whole(text);
        int found = 0;
        for (int kind = 0; kind < RedactionNames.KindCount; kind++)
            found |= secrets.CountOf((SecretKind)kind) > 0 ? 1 << kind : 0;
        return found == 0 && secrets.Withheld ? SecretKindsThatAreNotKnown : found;
    }
}
