using System;
using System.Text.Json;
using Gate.Text;

namespace Gate.Hooks;

/// <summary>Fields of a JSON object by name, without a document tree.</summary>
public static class JsonFields
{
    /// <summary>The unescaped name a reader stands on.</summary>
    public static ReadOnlySpan<byte> Name(in Utf8JsonReader reader) => reader.ValueIsEscaped ? JsonText.Unescape(reader.ValueSpan) : reader.ValueSpan;

    /// <summary>The raw bytes of the value a reader stands on; leaves the reader on its last token.</summary>
    public static ReadOnlyMemory<byte> Raw(ref Utf8JsonReader reader, ReadOnlyMemory<byte> bytes, out JsonTokenType kind)
    {
        kind = reader.TokenType;
        int start = (int)reader.TokenStartIndex;
        reader.Skip();
        return bytes[start..(int)reader.BytesConsumed];
    }

    /// <summary>
    /// A string field of an object at the top level. <paramref name="found"/> tells absent from present;
    /// a value of another type, or a name given twice, sets <paramref name="wrong"/>.
    /// </summary>
    public static byte[] Text(ReadOnlySpan<byte> json, ReadOnlySpan<byte> name, out bool found, out bool wrong)
    {
        found = wrong = false;
        byte[] text = [];
        Utf8JsonReader reader = new(json, new JsonReaderOptions { MaxDepth = ClaudeCode.MaximumDepth });
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            bool match = Name(reader).SequenceEqual(name);
            reader.Read();
            if (!match)
            {
                reader.Skip();
                continue;
            }

            wrong |= found || reader.TokenType != JsonTokenType.String;
            found = true;
            if (reader.TokenType == JsonTokenType.String)
                text = JsonText.Unescape(reader.ValueSpan);
            else
                reader.Skip();
        }

        return text;
    }
}
