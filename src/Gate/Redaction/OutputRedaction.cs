using System;
using System.Text.Json;
using Gate.Hooks;
using Gate.Text;

namespace Gate.Redaction;

/// <summary>The output of a tool, any JSON value, with the secrets in its texts replaced: everything else stays byte for byte, so that it keeps the tool's own shape.</summary>
public static class OutputRedaction
{
    /// <summary>The value redacted, or null when there is nothing to redact. The JSON must have been read before: it is known to be well-formed.</summary>
    public static byte[]? Of(ReadOnlySpan<byte> json, Redactor redactor)
    {
        ByteBuilder? output = null;
        int copied = 0;
        Utf8JsonReader reader = new(json, new JsonReaderOptions { MaxDepth = ClaudeCode.MaximumDepth });
        while (reader.Read())
        {
            if (reader.TokenType != JsonTokenType.String)
                continue;
            ReadOnlySpan<byte> text = reader.ValueIsEscaped ? JsonText.Unescape(reader.ValueSpan) : reader.ValueSpan;
            if (redactor.Whole(text) is not { } redacted)
                continue;
            output ??= new ByteBuilder(json.Length + 1024);
            output.Add(json[copied..(int)reader.TokenStartIndex]).AddJson(redacted);
            copied = (int)reader.BytesConsumed;
        }

        return output?.Add(json[copied..]).ToArray();
    }

    /// <summary>What the agent is told: of what kind the secrets are, and what to do.</summary>
    public static byte[] Context(Redactor redactor, bool replaced)
    {
        ByteBuilder text = new(256);
        string summary = Summary(redactor);
        if (!replaced)
            text.Add("Gate found secrets in this output ("u8).Add(summary).Add(") and cannot take them out of it. Do not repeat, store or send them; tell the person who you work for that they were shown, so that they can be replaced."u8);
        else
            text.Add("Gate replaced secrets in this output ("u8).Add(summary).Add("). Where [redacted …] stands, the real text is in the source: do not write the mark back, and do not try to get at the text in another way."u8);
        if (redactor.Withheld)
            text.Add(" The rest of it was withheld: it is full of beginnings of secrets."u8);
        return text.ToArray();
    }

    // By kind: "2 tokens, 1 password".
    private static string Summary(Redactor redactor)
    {
        ByteBuilder text = new(64);
        for (int kind = 0; kind < RedactionNames.KindCount; kind++)
        {
            int count = redactor.CountOf((SecretKind)kind);
            if (count == 0)
                continue;
            text.Add(text.Length > 0 ? ", "u8 : default).Add(count).Add((byte)' ').Add((SecretKind)kind switch
            {
                SecretKind.PrivateKey => "private key", SecretKind.Personal => "personal number", _ => RedactionNames.Of((SecretKind)kind),
            });
            if (count > 1)
                text.Add((byte)'s');
        }

        return System.Text.Encoding.ASCII.GetString(text.Written);
    }
}
