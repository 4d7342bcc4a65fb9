using Gateway.Actors.Surroundings;
using Gateway.Core.Health;

namespace Gateway.Actors.Probing;

/// <summary>
/// Command: probe a target now, and send the sender this and every later result. A probe in flight is not duplicated, and a result
/// younger than <paramref name="FreshFor"/> is returned again instead of a new probe.
/// </summary>
/// <param name="Pool">The pool whose turn it uses.</param>
/// <param name="Interval">The interval the sender wants: determines the number of slots needed, and which probes are late.</param>
/// <param name="Verifying">Whether it verifies a report, or an operator waits for it: it uses the verifying lane.</param>
public sealed record ProbeNow(ProbeTarget Target, TimeSpan FreshFor, string Pool, TimeSpan Interval, bool Verifying);

/// <summary>Command: stop sending the sender results for this target.</summary>
public sealed record StopProbing(ProbeTarget Target);

/// <summary>Answer to <see cref="ProbeNow"/>.</summary>
public abstract record ProbeAnswer
{
    private ProbeAnswer()
    {
    }

    /// <summary>The result of a probe.</summary>
    public sealed record Probed(ProbeTarget Target, ProbeResult Result) : ProbeAnswer;

    /// <summary>The probe could not be sent, which says nothing about its target; it is requested again when the next one is due.</summary>
    public sealed record NotSent(ProbeTarget Target) : ProbeAnswer;
}
