using Gateway.Core.Breaking;
using Gateway.Core.Outliers;

namespace Gateway.Core.Endpoints;

/// <summary>
/// What being an outlier of its pool does to an endpoint: the part of <see cref="EndpointDecision"/> that goes by <see cref="OutlierRecord"/>. It is this replica's
/// own evidence and stays with it: the others judge by the traffic that they send, as with the breaker, and an outlier is one only in comparison.
/// </summary>
public static class OutlierDecision
{
    /// <summary>It is an outlier: out, for the longer the more often. If it is out already, that stands.</summary>
    /// <param name="why">For people.</param>
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

    /// <summary>An interval has passed in which it was none. Time for which it was out makes up for nothing.</summary>
    public static EndpointDecision OnNoOutlier(EndpointStatus status) => new(
        status.Outlier is { IsOut: false, Times: > 0 and var times } ? status with { Outlier = status.Outlier with { Times = times - 1 } } : status,
        BreakerStep.None,
        []);

    /// <summary>Its time is over: it comes back, with a weight that rises from a tenth, as after trials and by the pool's slow start.</summary>
    /// <param name="wasOut">Whether it got nothing: one that the cap kept in goes on as it is.</param>
    public static EndpointDecision OnElapsed(EndpointStatus status, TimeSpan now, bool wasOut) => status.Outlier.Until <= now
        ? Return(status, status.Outlier with { Until = null }, now, wasOut)
        : new(status, BreakerStep.None, []);

    /// <summary>The pool looks for outliers no more: what was held against it is forgotten.</summary>
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
