using Gateway.Core.Health;

namespace Gateway.Actors.Surroundings;

/// <summary>Carries out one probe within the spec's timeout. Any error is returned as a result.</summary>
public interface IProbe
{
    Task<ProbeResult> ProbeAsync(ProbeTarget target, CancellationToken stopping);
}
