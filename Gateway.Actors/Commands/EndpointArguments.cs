using Gateway.Actors.Inspection;
using Gateway.Core.Commands;

namespace Gateway.Actors.Commands;

/// <summary>Arguments shared by several commands.</summary>
internal static class EndpointArguments
{
    public const string Id = "id";
    public const string Pool = "pool";

    public static CommandArgument Endpoint { get; } = new(Id, "-e", "Its id (pool/scheme://host:port), or its address.")
    {
        Positional = true,
        Mandatory = true,
        Kind = ArgumentKind.Endpoint,
    };

    /// <summary>Returns an error for an unknown pool; null if the pool is valid.</summary>
    public static CommandOutput.Failed? FaultOf(string? pool, IReplica replica) => pool is null || replica.Pools.Any(p => p.Name == pool)
        ? null
        : new($"there is no pool '{pool}'; there are: {string.Join(", ", replica.Pools.Select(p => p.Name))}");

    public static CommandArgument OfPool { get; } = new(Pool, "-p", "Of this pool alone.") { Kind = ArgumentKind.Pool };
}
