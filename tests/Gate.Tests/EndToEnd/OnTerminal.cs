using System;
using System.IO;
using System.Threading;
using Xunit;

namespace Gate.Tests.EndToEnd;

/// <summary>Runs gate as a person would: on a terminal, below no process of the tests, which an agent may have started.</summary>
internal static class OnTerminal
{
    /// <summary>What was on the terminal.</summary>
    /// <param name="scratch">Where.</param>
    /// <param name="arguments">Gate's.</param>
    /// <param name="mark">A variable of the terminal's environment.</param>
    /// <param name="through">The name of a program that starts gate there.</param>
    public static string Run(GateScratch scratch, string[] arguments, string mark = "NONE=1", string? through = null)
    {
        string name = Path.Combine(scratch.Root, $"terminal-{Guid.NewGuid():N}"), starter = ClientPrograms.Gate;
        if (through is not null)
        {
            starter = Path.Combine(scratch.Root, through);
            File.WriteAllText(starter, $"#!/bin/bash\n'{ClientPrograms.Gate}' \"$@\"\nexit $?\n");
            scratch.Program("chmod", "u+x", starter);
        }

        string line = $"{starter} {string.Join(' ', arguments)}";
        scratch.Program("env", "-i", $"HOME={scratch.Home}", "PATH=/usr/bin:/bin", "SHELL=/bin/bash", mark, "setsid", "--fork", "bash", "-c",
            $"script --quiet --return --command '{line}' /dev/null </dev/null >'{name}' 2>&1; mv '{name}' '{name}.done'");
        for (int i = 0; i < 600 && !File.Exists(name + ".done"); i++)
            Thread.Sleep(50);
        Assert.True(File.Exists(name + ".done"), $"gate {line} did not end");
        return File.ReadAllText(name + ".done");
    }
}
