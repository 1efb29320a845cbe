using System;
using System.IO;
using System.Text.Json;

namespace Gate.Cli;

/// <summary>
/// What `gate init` remembers of one settings file, so that `gate uninstall` can put back the very bytes. Holds the whole
/// texts, which may hold secrets: keep it readable by its owner only.
/// </summary>
/// <param name="Path">The file, links resolved.</param>
/// <param name="Original">The bytes without Gate; null when Gate created the file.</param>
/// <param name="Written">The bytes Gate wrote.</param>
/// <param name="CreatedDirectory">Whether Gate created the directory of the file.</param>
public sealed record SettingsRecord(string Path, byte[]? Original, byte[] Written, bool CreatedDirectory)
{
    /// <summary>The record as a JSON document.</summary>
    public byte[] ToBytes()
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter writer = new(stream, new JsonWriterOptions { Indented = true }))
        {
            writer.WriteStartObject();
            writer.WriteNumber("version", 1);
            writer.WriteString("path", Path);
            if (Original is not null)
            {
                writer.WriteBase64String("original", Original);
            }

            writer.WriteBase64String("written", Written);
            writer.WriteBoolean("created_directory", CreatedDirectory);
            writer.WriteEndObject();
        }

        return stream.ToArray();
    }

    /// <summary>Reads a record; null when the bytes are none (then uninstall removes the handlers only).</summary>
    public static SettingsRecord? Read(byte[]? bytes)
    {
        if (bytes is null)
        {
            return null;
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(bytes);
            JsonElement root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object
                || !root.TryGetProperty("version", out JsonElement version) || version.GetInt32() != 1
                || !root.TryGetProperty("path", out JsonElement path) || path.GetString() is not string name
                || !root.TryGetProperty("written", out JsonElement written)
                || !root.TryGetProperty("created_directory", out JsonElement created))
            {
                return null;
            }

            byte[]? original = root.TryGetProperty("original", out JsonElement before) ? before.GetBytesFromBase64() : null;
            return new SettingsRecord(name, original, written.GetBytesFromBase64(), created.GetBoolean());
        }
        catch (Exception error) when (error is JsonException or FormatException or InvalidOperationException)
        {
            return null;
        }
    }
}
