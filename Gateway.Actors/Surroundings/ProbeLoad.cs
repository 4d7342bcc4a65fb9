using Gateway.Core.Health;

namespace Gateway.Actors.Surroundings;

/// <summary>The load of the replica's probes.</summary>
/// <param name="Targets">The number of targets: equal probes of several pools count once.</param>
/// <param name="Need">The slots in use if no target answers: the sum of timeout / interval.</param>
/// <param name="InFlight">Probes in flight, verifying ones included.</param>
/// <param name="Slow">Those whose target did not answer last time.</param>
/// <param name="Waiting">Due probes without a slot.</param>
/// <param name="Late">The number of probes begun later than a fifth of their interval after they were due.</param>
public sealed record ProbeLoad(int Targets, double Need, ProbeSlots Slots, int InFlight, int Slow, int Waiting, long Late)
{
    public static ProbeLoad None { get; } = new(0, 0, ProbeSlots.For(0, null), 0, 0, 0, 0);
}
