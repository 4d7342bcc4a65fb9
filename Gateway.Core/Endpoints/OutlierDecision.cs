using Gateway.Core.Breaking;
using Gateway.Core.Outliers;

namespace Gateway.Core.Endpoints;

/// <summary>
/// The transitions of an endpoint that is an outlier of its pool: the part of <see cref="EndpointDecision"/> that uses <see cref="OutlierRecord"/>. This evidence
/// is local and not shared: each replica judges by its own traffic, as with the breaker, and an outlier exists only by comparison.
/// </summary>
public static class OutlierDecision
{
    /// <summary>Handles a new outlier: ejects it, longer each time. If it is ejected already, that stands.</summary>
    /// <param name="why">The reason, for display.</param>
    public static EndpointDecision OnOutlier(EndpointStatus status, string why, OutlierPolicy policy, TimeSpan now, double unit)
    {
        if (status.Outlier.IsOut)
        {
            return new(status, BreakerStep.None, []);
        }

        var times = status.Outlier.Times + 1;
        var until = now + OutlierSchedule.Duration(policy, times, unit);
        return Conclusion.Of(
            status, status with { Outlier = new(until, times, why) }, BreakerStep.None, new EndpointEffect.ArmOutlier(until));
    }

    /// <summary>Handles an interval in which it was not an outlier. Intervals spent ejected do not reduce the count.</summary>
    public static EndpointDecision OnNoOutlier(EndpointStatus status) => new(
        status.Outlier is { IsOut: false, Times: > 0 and var times } ? status with { Outlier = status.Outlier with { Times = times - 1 } } : status,
        BreakerStep.None,
        []);

    /// <summary>Handles the end of an ejection: it returns with a weight that rises from a tenth, as after trials and by the pool's slow start.</summary>
    /// <param name="wasOut">Whether it got no requests: one that the cap kept in rotation keeps its weight.</param>
    public static EndpointDecision OnElapsed(EndpointStatus status, TimeSpan now, bool wasOut) => status.Outlier.Until <= now
        ? Return(status, status.Outlier with { Until = null }, now, wasOut)
        : new(status, BreakerStep.None, []);

    /// <summary>Handles outlier detection being turned off: clears the record.</summary>
    /// <param name="wasOut">As above.</param>
    public static EndpointDecision OnOff(EndpointStatus status, TimeSpan now, bool wasOut) => status.Outlier.IsOut
        ? Return(status, OutlierRecord.Clean, now, wasOut)
        : new(status with { Outlier = OutlierRecord.Clean }, BreakerStep.None, []);

    private static EndpointDecision Return(EndpointStatus status, OutlierRecord record, TimeSpan now, bool wasOut) => Conclusion.Of(status, status with
    {
        Outlier = record,
        SlowStartFrom = wasOut ? now : status.SlowStartFrom,
        EasedFrom = wasOut && status.Breaker == BreakerPhase.Closed ? now : status.EasedFrom,
    });
}
