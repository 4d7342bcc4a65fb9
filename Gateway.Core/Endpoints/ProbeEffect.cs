using System.Collections.Immutable;
using Gateway.Core.Health;

namespace Gateway.Core.Endpoints;

/// <summary>The next state of an endpoint's probing, and what its actor has to do, in order.</summary>
public readonly record struct ProbeStep(ProbePlan Plan, ImmutableArray<ProbeEffect> Effects)
{
    /// <summary>Returns the same with effects before its own.</summary>
    internal ProbeStep After(ImmutableArray<ProbeEffect> first) => this with { Effects = first.AddRange(Effects) };
}

/// <summary>An action that an endpoint's probing asks of its actor.</summary>
public abstract record ProbeEffect
{
    private ProbeEffect()
    {
    }

    /// <summary>Let the prober forget the endpoint, and cancel the next probe.</summary>
    public sealed record Stop(ProbeSpec Target) : ProbeEffect;

    /// <summary>Ask the prober for a probe.</summary>
    /// <param name="FreshFor">The age up to which another result will do.</param>
    /// <param name="First">Whether it goes before regular probes: it verifies a report, or an operator waits for it.</param>
    public sealed record Send(ProbeSpec Target, TimeSpan FreshFor, bool First) : ProbeEffect;

    /// <summary>The next probe is due after this time; zero: at once.</summary>
    public sealed record Wait(TimeSpan Time) : ProbeEffect;

    /// <summary>Record that a verifying probe has begun.</summary>
    public sealed record BeginVerification : ProbeEffect;

    /// <summary>The verdict expires after this time, unless a result comes before.</summary>
    public sealed record ExpireAfter(TimeSpan Time) : ProbeEffect;

    /// <summary>The verdict has expired.</summary>
    public sealed record Expire : ProbeEffect;
}
