using Gateway.Core.Addressing;
using Gateway.Core.Health;

namespace Gateway.Actors.Surroundings;

/// <summary>What is probed. Equal targets share their probes, whichever pools they belong to.</summary>
public sealed record ProbeTarget(EndpointAddress Address, ProbeSpec Spec);
