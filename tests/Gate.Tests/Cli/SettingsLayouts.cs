using System.Collections.Generic;
using System.Text;
using Gate.Cli;
using Xunit;

namespace Gate.Tests.Cli;

/// <summary>Settings texts as people and programs leave them, all without Gate.</summary>
internal static class SettingsLayouts
{
    public const string OtherHandler = """{"type": "command", "command": "lint.sh"}""";

    public const string CommentedHooks =
        "{\n  \"hooks\": {\n    \"PreToolUse\": [ // guard\n      {\"hooks\": [" + OtherHandler + ",]},\n    ], // after\n  },\n}\n";

    public static readonly HookWiring Wiring = HookWiring.ClaudeCode("/opt/gate/gate");

    /// <summary>JSON that Claude Code itself reads too.</summary>
    public static TheoryData<string> Strict { get; } =
    [
        "{}",
        "{}\n",
        "{ }",
        "{\n}",
        "{\n}\n",
        "{\n\n}\n",
        "{\r\n}\r\n",
        "{\n  \"model\": \"opus\"\n}\n",
        "{\n  \"model\": \"opus\"\n}",
        "{\n\t\"model\": \"opus\",\n\t\"env\": {\n\t\t\"A\": \"1\"\n\t}\n}\n",
        "{\r\n    \"model\": \"opus\"\r\n}\r\n",
        "\uFEFF{\n  \"model\": \"opus\"\n}\n",
        "\uFEFF{}",
        """{"model":"opus","permissions":{"deny":["Read(./.env)"]}}""",
        """{ "model": "opus", "permissions": { } }""",
        """{"hooks":{}}""",
        """{"hooks": {}}""",
        """{"hooks":{},"model":"opus"}""",
        """{"hooks":{"PreToolUse":[]}}""",
        """{"hooks":{"PreToolUse":[ ],"Stop":[]}}""",
        "{\n  \"hooks\": {}\n}\n",
        "{\n  \"hooks\": {\n  }\n}\n",
        "{\n  \"hooks\": {},\n  \"model\": \"opus\"\n}\n",
        "{\n  \"hooks\": {\n    \"PreToolUse\": []\n  }\n}\n",
        "{\n  \"hooks\": {\n    \"PreToolUse\": [\n\n    ],\n    \"ConfigChange\": [ ]\n  }\n}\n",
        "{\n  \"hooks\": { \"PreToolUse\": [ { \"hooks\": [ " + OtherHandler + " ] } ] },\n  \"a\": 1\n}\n",
        "{\"hooks\":{\"PreToolUse\":[{\"matcher\":\"Bash\",\"hooks\":[" + OtherHandler + "]}]}}",
        "{\n  \"hooks\": {\n    \"PreToolUse\": [\n      {\n        \"matcher\": \"Bash\",\n        \"hooks\": [" + OtherHandler
            + "]\n      }\n    ],\n    \"Stop\": [{\"hooks\": [" + OtherHandler + "]}]\n  },\n  \"z\": [1,\n2]\n}\n",
        "{\"hooks\": {\"SessionEnd\": [{\n  \"hooks\": [" + OtherHandler + "]\n}],\n\"PostToolUse\": []}}",
        "\n\n  {\n    \"a\": 1 ,\n    \"b\"  :  {} }\n\n",
        "{\n\"a\": 1,\n\"b\": \"\\u0068\\\\ \\\" {[,:\"\n}\n",
        "{\"a\":1,\n \"b\":2}",
        "{\n  \"a\": 1, \"b\": 2\n}",
        "{\n  \"a\": 1 }",
    ];

    /// <summary>Text that an editor takes but Claude Code does not.</summary>
    public static TheoryData<string> Loose { get; } =
    [
        "",
        "\n",
        "  \r\n",
        "\uFEFF",
        "// only a comment",
        "/* a */ // b\n",
        "// head\n{\n  // first\n  \"a\": 1, // one\n  /* two */ \"b\": 2 // last\n}\n// tail",
        "{\n  \"a\": 1, // one\n  \"b\": 2, // trailing\n  // end\n}\n",
        "{ \"a\": 1, }",
        "{\"a\":1 ,}",
        "{\"a\":1 /* x */}",
        "{\"a\":1 // x\n}",
        "{ // empty\n}\n",
        "{ /* empty */ }",
        "{\r\n  // c\r\n  \"hooks\": { // mine\r\n    // none\r\n  }\r\n}\r\n",
        CommentedHooks,
        "{\n  \"hooks\": {\n    \"PreToolUse\": [ /* g */ {\"hooks\": [" + OtherHandler + "]} ],\n    \"PostToolUse\": [/* none */]\n  }\n}\n",
        "{\n  \"hooks\": {\n    \"Stop\": [] /* a */ /* b */ // c   \n  } // d\n}\n",
        "{\"hooks\":{/* none */}}",
        "{\n  \"a\": 1 /* over\n two lines */\n}\n",
    ];

    public static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    public static string Decoded(byte[] bytes) => Encoding.UTF8.GetString(bytes);

    public static string Merge(string text) => Merge(text, Wiring);

    public static string Merge(string text, HookWiring wiring)
    {
        SettingsEdit edit = SettingsText.Merge(Bytes(text), wiring);
        Assert.Null(edit.Problem);
        return Decoded(edit.Bytes);
    }

    public static string Remove(string text)
    {
        SettingsEdit edit = SettingsText.Remove(Bytes(text), HookWiring.ClaudeCodeAgent);
        Assert.Null(edit.Problem);
        return Decoded(edit.Bytes);
    }
}
