namespace Gate.Responses;

/// <summary>What the process gives back: one write to stdout, one to stderr, and the exit code.</summary>
public sealed class Answer
{
    public byte[] Output { get; init; } = [];

    public byte[] Error { get; init; } = [];

    public int ExitCode { get; init; }

    /// <summary>No opinion: empty output, exit 0. The agent's own permission flow goes on.</summary>
    public static Answer Silent => new();
}
