using Gateway.Core.Endpoints;
using Gateway.Core.Health;

namespace Gateway.Actors.Probing;

/// <summary>What is probed. Equal targets share their probes, whichever pools they belong to.</summary>
public sealed record ProbeTarget(EndpointAddress Address, ProbeSpec Spec);

/// <summary>
/// Command: probe this now, and tell the sender of this and every later result. One that is under way is not doubled, and one whose
/// result is younger than <paramref name="FreshFor"/> is not repeated: its result is told again.
/// </summary>
public sealed record ProbeNow(ProbeTarget Target, TimeSpan FreshFor);

/// <summary>Command: the sender wants to hear no more of this target.</summary>
public sealed record StopProbing(ProbeTarget Target);

/// <summary>Event: a probe came to its result.</summary>
public sealed record TargetProbed(ProbeTarget Target, ProbeResult Result);
