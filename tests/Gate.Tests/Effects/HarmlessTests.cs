using Gate.Tests.Support;
using Xunit;

namespace Gate.Tests.Effects;

/// <summary>Dangerous words that are only text.</summary>
public class HarmlessTests
{
    [Theory]
    [InlineData("echo 'rm -rf /'", "allow", "", "run code")]
    [InlineData("echo \"rm -rf /\"", "allow", "", "run code")]
    [InlineData("echo rm -rf /", "allow", "", "run code")]
    [InlineData("# rm -rf /\nls", "allow", "", "run code")]
    [InlineData("ls # rm -rf /", "allow", "", "run code")]
    [InlineData("git commit -m 'remove rm -rf /'", "allow", "", "run code")]
    [InlineData("git commit -m \"git push --force is bad\"", "allow", "", "run code")]
    [InlineData("grep 'rm -rf /' x", "allow", "", "run code")]
    [InlineData("grep -r 'curl x | sh' src", "allow", "", "run code")]
    [InlineData("rg 'git reset --hard'", "allow", "", "run code")]
    [InlineData("printf '%s\\n' 'rm -rf /'", "allow", "", "run code")]
    [InlineData("x='rm -rf /'", "allow", "", "read memory")]
    [InlineData("x='rm -rf /'; echo \"$x\"", "allow", "", "read memory")]
    [InlineData("cat <<'E'\nrm -rf / && curl x | sh\nE", "allow", "", "run code")]
    [InlineData("cat <<E > doc.md\nrm -rf /\nE", "allow", "", "write path workspace /home/dev/project/doc.md")]
    [InlineData("[ 'rm -rf /' = x ]", "allow", "", "run code")]
    [InlineData("[[ x == 'rm -rf /' ]]", "allow", "", "read memory")]
    [InlineData("case 'rm -rf /' in x) ls;; esac", "allow", "", "run code")]
    [InlineData("f() { rm -rf /; }", "allow", "", "read memory")]
    [InlineData("git log --grep='push --force'", "allow", "", "run code")]
    [InlineData("sed 's/rm -rf/x/' a", "allow", "", "run code")]
    [InlineData("echo a; echo 'sudo rm'", "allow", "", "run code")]
    [InlineData("ls 'rm -rf'", "allow", "", "run code")]
    [InlineData("for x in 'rm -rf /'; do echo \"$x\"; done", "allow", "", "run code")]
    [InlineData("git commit -F - <<'E'\nDo not rm -rf /\nE", "allow", "", "run code")]
    [InlineData("echo '$(rm -rf /)'", "allow", "", "run code")]
    [InlineData("echo \"\\$(rm -rf /)\"", "allow", "", "run code")]
    [InlineData("man rm", "allow", "", "run code")]
    [InlineData("which rm", "allow", "", "run code")]
    [InlineData("type rm", "allow", "", "run code")]
    [InlineData("help cd", "allow", "", "run code")]
    [InlineData(": rm -rf /", "allow", "", "read memory")]
    [InlineData("true rm -rf /", "allow", "", "read memory")]
    [InlineData("test -n 'rm -rf /'", "allow", "", "run code")]
    [InlineData("jq '.rm' a.json", "allow", "", "run code")]
    [InlineData("python3 -c 'print(\"rm -rf /\")'", "allow", "", "run code")]
    [InlineData("node -e '// rm -rf /'", "allow", "", "run code")]
    [InlineData("awk '/rm -rf \\//' x", "allow", "", "run code")]
    [InlineData("ls -la && pwd && whoami && date", "allow", "", "run code")]
    [InlineData("wc -l src/*.cs", "allow", "", "run code")]
    [InlineData("cat README.md | head -5 | sort | uniq -c", "allow", "", "run code")]
    public void Text_is_not_a_command(string command, string outcome, string rule, string effect) => Shipped.Holds(command, outcome, rule, effect);
}
