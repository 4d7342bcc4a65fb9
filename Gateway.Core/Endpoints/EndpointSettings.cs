using Gateway.Core.Addressing;

namespace Gateway.Core.Endpoints;

/// <summary>The configuration of one endpoint.</summary>
/// <param name="Address">The address it listens on.</param>
/// <param name="Weight">1 to 256, relative to the pool's others.</param>
/// <param name="Zone">Its failure domain; endpoints with null form a zone of their own.</param>
/// <param name="Priority">0 (first) to 15. Load that one priority cannot carry spills over to the next.</param>
/// <param name="MaxConcurrency">Maximum attempts in flight from all gateways together; null for the pool's setting.</param>
public sealed record EndpointSettings(
    EndpointAddress Address, int Weight = 1, string? Zone = null, int Priority = 0, int? MaxConcurrency = null)
{
    public const int MaxWeight = 256;
    public const int MaxPriority = 15;

    /// <summary>Whether a text is a valid zone name: 1 to 64 letters, digits, dots, dashes and underscores.</summary>
    public static bool IsZoneName(string name) =>
        name.Length is > 0 and <= 64 && name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_');

    /// <summary>Whether an operator has drained it: no new attempts. Not in any file; see Overrides.</summary>
    public bool Draining { get; init; }
}
