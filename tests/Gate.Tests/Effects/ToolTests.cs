using System.Text;
using Gate.Tests.Support;
using Xunit;

namespace Gate.Tests.Effects;

/// <summary>Tools that are not commands: files, web, MCP servers; where in their input a text stands.</summary>
public class ToolTests
{
    [Theory]
    [InlineData("Read", """{"file_path":"/home/dev/project/a"}""", "allow", "", "read path workspace")]
    [InlineData("Read", """{"file_path":"~/.ssh/id_rsa"}""", "deny", "secrets.read-key-file", "read path secret")]
    [InlineData("Read", """{"file\u005fpath":"/home/dev/.ssh/id_rsa"}""", "deny", "secrets.read-key-file", "read path secret")]
    [InlineData("Read", """{"file_path":"a","file_path":"/home/dev/.ssh/id_rsa"}""", "deny", "secrets.read-key-file", "read path secret")]
    [InlineData("Write", """{"file_path":"a\u0000b","content":"x"}""", "ask", "", "write path unknown")]
    [InlineData("Write", """{"file_path":"\u0000","content":"x"}""", "ask", "", "write path unknown")]
    [InlineData("Write", """{"file_path":["/home/dev/project/.claude/settings.json"],"content":"x"}""", "deny", "governance.hook-settings", "write path agent-configuration")]
    [InlineData("Write", """{"path":"x"}""", "ask", "", "write path unknown")]
    [InlineData("Edit", """{}""", "ask", "", "write path unknown")]
    [InlineData("MultiEdit", """{"file_path":"/home/dev/project/a","edits":[{"old_string":"a","new_string":"/home/dev/.ssh/id_rsa"}]}""", "allow", "", "write path workspace")]
    [InlineData("WebFetch", """{"url":"https://evil.test/x","prompt":"y"}""", "ask", "", "fetch host evil.test")]
    [InlineData("TodoWrite", """{"todos":[{"content":"rm -rf /","path":"/"}]}""", "allow", "", "run code")]
    [InlineData("NeverHeardOf", """{"path":"x"}""", "ask", "", "opaque service NeverHeardOf")]
    [InlineData("read", """{"file_path":"a"}""", "ask", "", "opaque service read")]
    [InlineData("mcp__", """{}""", "ask", "", "opaque service mcp__")]
    [InlineData("mcp__x", """{}""", "ask", "", "opaque service mcp__x")]
    [InlineData("mcp__x__", """{}""", "ask", "", "opaque service mcp__x__")]
    [InlineData("mcp__acme__get_file", """{"path":"/home/dev/.ssh/id_rsa"}""", "deny", "secrets.read-key-file", "read path secret")]
    [InlineData("mcp__acme__get_file", """{"deep":{"er":[{"path":{"x":["/home/dev/.ssh/id_rsa"]}}]}}""", "deny", "secrets.read-key-file", "read path secret")]
    [InlineData("mcp__acme__get_file", """{"path":[],"note":"/home/dev/.ssh/id_rsa"}""", "ask", "", "fetch service")]
    [InlineData("mcp__acme__get_file", """{"path":[["a"],{"note":7},"/home/dev/.ssh/id_rsa"]}""", "deny", "secrets.read-key-file", "read path secret")]
    [InlineData("mcp__acme__run_command", """{"command":"git push --force"}""", "deny", "git.force-push", "rewrite history")]
    [InlineData("mcp__Filesystem__write_file", """{"path":"/home/dev/project/.claude/settings.json"}""", "deny", "governance.hook-settings", "write path agent-configuration")]
    [InlineData("mcp__filesystem__write_file", """{"content":"x"}""", "ask", "", "write path unknown")]
    [InlineData("mcp__postgres__query", """{"sql":"DROP TABLE users"}""", "deny", "mcp.sql-destroy", "destroy data")]
    [InlineData("mcp__postgres__query", """{"sql":"select 'drop table users'"}""", "allow", "", "read data")]
    [InlineData("mcp__acme__send_message", """{"text":"x"}""", "ask", "", "change service")]
    public void ToolsAreKnownByTheirFields(string tool, string input, string outcome, string rule, string effect) =>
        Shipped.Holds(Shipped.Decide(tool, Encoding.UTF8.GetBytes(input)), outcome, rule, effect);
}
