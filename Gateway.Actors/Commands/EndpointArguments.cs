using Gateway.Core.Commands;

namespace Gateway.Actors.Commands;

/// <summary>Arguments that several commands take.</summary>
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

    public static CommandArgument OfPool { get; } = new(Pool, "-p", "Of this pool alone.") { Kind = ArgumentKind.Pool };
}
