using Gate.Tests.Support;
using Xunit;

namespace Gate.Tests.Effects;

/// <summary>Commands that come from words, lines, tables, settings and values: what is read counts as what is written.</summary>
public class FeedTests
{
    [Theory]
    [InlineData("echo 'rm -rf /' | parallel", "deny", "filesystem.delete-root", "delete path outside /")]
    [InlineData("parallel ::: 'rm -rf /' ls", "deny", "filesystem.delete-root", "delete path outside /")]
    [InlineData("parallel echo ::: 'rm -rf /'", "allow", "", "run code")]
    [InlineData("find src -type f | parallel -j8 'md5sum {}'", "allow", "", "run code")]
    [InlineData("xargs -a <(echo /) rm -rf", "deny", "filesystem.delete-root", "delete path outside /")]
    [InlineData("echo 'rm -rf /' | xargs -d '\\n' -I@ sh -c @", "deny", "filesystem.delete-root", "delete path outside /")]
    [InlineData("echo \"'a b' c\" | xargs ls", "allow", "", "read path workspace /home/dev/project/a b")]
    [InlineData("(crontab -l; echo '0 0 * * * rm -rf /') | crontab -", "deny", "filesystem.delete-root", "delete path outside /")]
    [InlineData("echo '0 0 * * * /usr/bin/true' | crontab -", "deny", "supply-chain.schedule", "touch system")]
    [InlineData("unknown-wrapper --x y -- rm -rf /", "deny", "filesystem.delete-root", "delete path outside /")]
    [InlineData("unknown-tool --message 'rm -rf / is dangerous'", "ask", "", "opaque code")]
    [InlineData("docker run -v $PWD/src:/data alpine rm -rf /data/dist", "ask", "", "delete path workspace /home/dev/project/src/dist")]
    [InlineData("tmux send-keys -t x 'rm -rf /' Enter", "deny", "filesystem.delete-root", "delete path outside /")]
    [InlineData("lftp -e '!rm -rf /' host.example", "deny", "filesystem.delete-root", "delete path outside /")]
    [InlineData("make 'X=$(shell rm -rf /)'", "deny", "filesystem.delete-root", "delete path outside /")]
    [InlineData("GIT_CONFIG_PARAMETERS=\"'core.hooksPath=/dev/null'\" git commit -m x", "deny", "git.settings-elsewhere", "change history")]
    [InlineData("HUSKY=0 git commit -m x", "deny", "git.skip-checks", "run code")]
    [InlineData("HUSKY=0 npm ci", "allow", "", "install package")]
    [InlineData("cd /tmp/x && npm test", "ask", "", "run code")]
    [InlineData("eslint -c /tmp/x.js src", "ask", "", "opaque code")]
    [InlineData("eslint -c .eslintrc.json src", "allow", "", "run code")]
    [InlineData("PYTHONPATH=/tmp/x pytest", "ask", "", "opaque code")]
    [InlineData("PYTHONPATH=src pytest", "allow", "", "run code")]
    [InlineData("cargo run --config 'build.rustc-wrapper=\"rm -rf /\"'", "deny", "filesystem.delete-root", "delete path outside /")]
    public void What_is_read_is_judged(string command, string outcome, string rule, string effect) => Shipped.Holds(command, outcome, rule, effect);
}
