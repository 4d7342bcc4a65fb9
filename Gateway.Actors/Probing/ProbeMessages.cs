using Gateway.Actors.Surroundings;
using Gateway.Core.Health;

namespace Gateway.Actors.Probing;

/// <summary>
/// Command: probe this now, and tell the sender of this and every later result. One that is under way is not doubled, and one whose
/// result is younger than <paramref name="FreshFor"/> is not repeated: its result is told again.
/// </summary>
/// <param name="Pool">Whose turn it takes.</param>
/// <param name="Interval">How often the sender wants it probed: what tells how many slots are needed, and which probes are late.</param>
/// <param name="Verifying">Whether it looks into a report, or an operator waits for it: it has a lane of its own.</param>
public sealed record ProbeNow(ProbeTarget Target, TimeSpan FreshFor, string Pool, TimeSpan Interval, bool Verifying);

/// <summary>Command: the sender wants to hear no more of this target.</summary>
public sealed record StopProbing(ProbeTarget Target);

/// <summary>Event: a probe came to its result.</summary>
public sealed record TargetProbed(ProbeTarget Target, ProbeResult Result);

/// <summary>Event: a probe could not be sent, which says nothing of its target; it is asked for anew when the next one is due.</summary>
public sealed record TargetNotProbed(ProbeTarget Target);
