using System;
using System.Text.Json;
using Gate.Effects;
using Gate.Lessons;
using Gate.Text;

namespace Gate.Store;

/// <summary>An act as JSON in a ledger row's detail: what a lesson about that row is made of.</summary>
public static class ActJson
{
    /// <summary>What stands in an act in place of a secret; such an object is like no other.</summary>
    public static ReadOnlySpan<byte> Masked => "[redacted"u8;

    public static ByteBuilder Add(ByteBuilder text, Act act, ReadOnlySpan<byte> target, ReadOnlySpan<byte> options)
    {
        text.Add("{\"verb\":"u8).AddJson(Names.Of(act.Verb)).Add(",\"kind\":"u8).AddJson(Names.Of(act.Kind)).Add(",\"zone\":"u8).Add(act.Zone);
        if (act.Class != PathClass.None)
            text.Add(",\"class\":"u8).AddJson(Names.Of(act.Class));
        Field(text, "program", act.Program);
        Field(text, "subcommand", act.Subcommand);
        Field(text, "object", target);
        Field(text, "options", options);
        if (act.Attributes != Attributes.None)
            text.Add(",\"attributes\":"u8).Add((long)act.Attributes);
        return text.Add((byte)'}');
    }

    /// <summary>The act in a row's detail; null where there is none: the call only read, or the row is older than acts.</summary>
    public static Act? Read(ReadOnlySpan<byte> detail)
    {
        try
        {
            Utf8JsonReader reader = new(detail);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
                return null;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                bool act = reader.ValueTextEquals("act"u8);
                reader.Read();
                if (act && reader.TokenType == JsonTokenType.StartObject)
                    return ReadAct(ref reader);
                reader.Skip();
            }
        }
        catch (JsonException)
        {
            // A damaged row: 'gate ledger verify' says so.
        }

        return null;
    }

    private static Act? ReadAct(ref Utf8JsonReader reader)
    {
        int verb = -1, kind = -1, place = 0;
        long attributes = 0, zone = 0;
        byte[] program = [], subcommand = [], target = [], options = [];
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = reader.GetString()!;
            reader.Read();
            bool number = reader.TokenType == JsonTokenType.Number;
            switch (name)
            {
                case "verb": verb = Array.IndexOf(Names.AllVerbs(), reader.GetString()); break;
                case "kind": kind = Array.IndexOf(Names.AllKinds(), reader.GetString()); break;
                case "class": place = Math.Max(0, Array.IndexOf(Names.AllPathClasses(), reader.GetString())); break;
                case "zone" when number: zone = reader.GetInt64(); break;
                case "attributes" when number: attributes = reader.GetInt64(); break;
                case "program": program = JsonText.Unescape(reader.ValueSpan); break;
                case "subcommand": subcommand = JsonText.Unescape(reader.ValueSpan); break;
                case "object": target = JsonText.Unescape(reader.ValueSpan); break;
                case "options": options = JsonText.Unescape(reader.ValueSpan); break;
                default: reader.Skip(); break;
            }
        }

        bool masked = target.AsSpan().IndexOf(Masked) >= 0;
        return verb < 0 || kind < 0 ? null : new Act
        {
            Verb = (Verb)verb, Kind = (Kind)kind, Class = (PathClass)place, Attributes = (Attributes)attributes, Zone = (int)zone, Program = program, Subcommand = subcommand,
            Object = masked ? [] : target, Options = options.AsSpan().IndexOf(Masked) >= 0 ? [] : options,
        };
    }

    private static void Field(ByteBuilder text, string name, ReadOnlySpan<byte> value)
    {
        if (value.Length > 0)
            text.Add(",\"").Add(name).Add("\":").AddJson(value);
    }
}
