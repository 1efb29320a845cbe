using System;
using System.Text.Json;

namespace Gate.Hooks;

/// <summary>Says whether a changed settings file would switch Gate's hooks off.</summary>
public static class SettingsGuard
{
    /// <summary>A settings file longer than this is not looked into, and blocked.</summary>
    public const int MaximumSize = 1 << 20;

    /// <summary>
    /// Null when the change is harmless. <paramref name="bytes"/> is null when the file is gone or too large. A file that never had
    /// Gate's hook cannot be told from one that lost it, so only the one that must have it is asked: the project's own.
    /// </summary>
    public static string? WhyBlocked(byte[]? bytes, ReadOnlySpan<byte> path)
    {
        bool own = path.EndsWith("/.claude/settings.json"u8);
        if (bytes is null)
            return own ? "the settings file with Gate's hooks is gone; the hooks stay in force for this session" : null;
        bool disabled = false, hook = false;
        try
        {
            Utf8JsonReader reader = new(bytes, new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            while (reader.Read())
            {
                if (reader.CurrentDepth == 1 && reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals("disableAllHooks"u8))
                    disabled = reader.Read() && reader.TokenType == JsonTokenType.True;
                else if (reader.TokenType == JsonTokenType.String && (reader.ValueTextEquals("claude-code"u8) || reader.ValueTextEquals("hook"u8)))
                    hook = true;
            }
        }
        catch (JsonException)
        {
            return own ? "the settings file with Gate's hooks is no longer valid JSON; the hooks stay in force for this session" : null;
        }

        if (disabled)
            return "the settings change would switch all hooks off; the hooks stay in force for this session";
        return own && !hook ? "the settings change would remove Gate's hooks; the hooks stay in force for this session" : null;
    }
}
