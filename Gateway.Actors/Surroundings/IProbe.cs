using Gateway.Core.Health;

namespace Gateway.Actors.Surroundings;

/// <summary>Carries out one probe. Keeps to the spec's timeout, and answers a result for whatever goes wrong.</summary>
public interface IProbe
{
    Task<ProbeResult> ProbeAsync(ProbeTarget target, CancellationToken stopping);
}
