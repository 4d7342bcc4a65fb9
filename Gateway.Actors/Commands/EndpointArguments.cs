using Gateway.Actors.Inspection;
using Gateway.Core.Commands;

namespace Gateway.Actors.Commands;

/// <summary>Arguments shared by several commands.</summary>
internal static class EndpointArguments
{
    public const string Id = "id";
    public const string Pool = "pool";

    public static CommandArgument Endpoint { get; } = new(Id, "-e", "Id (pool/scheme://host:port) or address of the endpoint.")
    {
        Positional = true,
        Mandatory = true,
        Kind = ArgumentKind.Endpoint,
    };

    /// <summary>Returns an error for an unknown pool; null if the pool is valid.</summary>
    public static CommandOutput.Failed? FaultOf(string? pool, IReplica replica) => pool is null || replica.Pools.Any(p => p.Name == pool)
        ? null
        : new($"unknown pool '{pool}'; pools: {string.Join(", ", replica.Pools.Select(p => p.Name))}");

    public static CommandArgument OfPool { get; } = new(Pool, "-p", "Only this pool.") { Kind = ArgumentKind.Pool };
}
