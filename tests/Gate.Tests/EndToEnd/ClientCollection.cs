using Xunit;

namespace Gate.Tests.EndToEnd;

/// <summary>These start whole programs and use what the machine has: never beside tests that look at the clock.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public static class ClientCollection
{
    public const string Name = "client";
}
