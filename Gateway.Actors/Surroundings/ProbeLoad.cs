using Gateway.Core.Health;

namespace Gateway.Actors.Surroundings;

/// <summary>How the replica's probes get on.</summary>
/// <param name="Targets">What is probed: equal probes of several pools are one.</param>
/// <param name="Need">The slots that they hold if none of them answers: the sum of timeout / interval.</param>
/// <param name="InFlight">Under way, verifying ones among them.</param>
/// <param name="Slow">Those of them whose target did not answer last time.</param>
/// <param name="Waiting">Due, and without a slot.</param>
/// <param name="Late">Probes ever begun later than a fifth of their interval after they were due.</param>
public sealed record ProbeLoad(int Targets, double Need, ProbeSlots Slots, int InFlight, int Slow, int Waiting, long Late)
{
    public static ProbeLoad None { get; } = new(0, 0, ProbeSlots.For(0, null), 0, 0, 0, 0);
}
