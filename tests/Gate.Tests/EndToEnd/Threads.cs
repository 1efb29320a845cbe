using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Xunit;

namespace Gate.Tests.EndToEnd;

/// <summary>Work on threads of its own: what fails there fails the test, not the process.</summary>
internal static class Threads
{
    /// <summary>Runs the work so many times at once, from one starting signal, and waits for all.</summary>
    public static void Run(int count, Action<int> work)
    {
        using Barrier barrier = new(count);
        Run([.. Enumerable.Range(0, count).Select<int, Action>(i => () =>
        {
            barrier.SignalAndWait(TestContext.Current.CancellationToken);
            work(i);
        })]);
    }

    /// <summary>Repeats the background work for as long as the work takes.</summary>
    public static void Beside(Action<int> background, Action work)
    {
        using CancellationTokenSource done = new();
        Run(
            () =>
            {
                for (int i = 0; !done.IsCancellationRequested; i++)
                    background(i);
            },
            () =>
            {
                try
                {
                    work();
                }
                finally
                {
                    done.Cancel();
                }
            });
    }

    private static void Run(params Action[] works)
    {
        List<Exception> problems = [];
        Thread[] threads = [.. works.Select(work => new Thread(() =>
        {
            try
            {
                work();
            }
            catch (Exception problem)
            {
                lock (problems)
                    problems.Add(problem);
            }
        }))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        Assert.Empty(problems);
    }
}
