using Gateway.Core.Addressing;

namespace Gateway.Core.Endpoints;

/// <summary>What the configuration says of one endpoint.</summary>
/// <param name="Address">Where it listens.</param>
/// <param name="Weight">1 to 256, relative to the pool's others.</param>
/// <param name="Zone">Its failure domain, or null: endpoints without one form a zone of their own.</param>
/// <param name="Priority">0 (first) to 15. What the endpoints of one priority cannot carry spills over to the next.</param>
/// <param name="MaxConcurrency">Attempts in flight here at most, from all gateways together; null: what the pool says.</param>
public sealed record EndpointSettings(
    EndpointAddress Address, int Weight = 1, string? Zone = null, int Priority = 0, int? MaxConcurrency = null)
{
    public const int MaxWeight = 256;
    public const int MaxPriority = 15;

    /// <summary>Whether this can be the name of a zone: 1 to 64 letters, digits, dots, dashes and underscores.</summary>
    public static bool IsZoneName(string name) =>
        name.Length is > 0 and <= 64 && name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_');

    /// <summary>Whether an operator has it drained: no new attempts. Not in any file; see Overrides.</summary>
    public bool Draining { get; init; }
}
