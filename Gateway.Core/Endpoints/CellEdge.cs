using Gateway.Core.Breaking;
using Gateway.Core.Outcomes;

namespace Gateway.Core.Endpoints;

/// <summary>An edge of an endpoint's traffic, as signalled by its cell.</summary>
/// <param name="Epoch">The breaker's epoch after the edge.</param>
/// <param name="Reason">The failure reason, for edges caused by a failure.</param>
/// <param name="Last">The last failure recorded by the cell, for messages.</param>
public readonly record struct CellEdge(BreakerEdge Kind, uint Epoch, FailureReason Reason = FailureReason.None, FailedAttempt? Last = null)
{
    /// <summary>The failure in words: of the last one recorded if it is this one.</summary>
    public string Cause => Last is not null && Last.Reason == Reason ? Last.Text : Reason.ToString();
}

/// <summary>The inputs of the length of a break.</summary>
/// <param name="Unit">A random number from 0 to 1, for jitter.</param>
public readonly record struct BreakContext(BreakerPolicy Policy, TimeSpan Now, double Unit);
