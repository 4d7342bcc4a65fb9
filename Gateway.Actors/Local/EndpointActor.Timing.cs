using Gateway.Core.Breaking;
using Gateway.Core.Endpoints;
using Gateway.Core.Evidence;

namespace Gateway.Actors.Local;

/// <summary>The timed work of the endpoint's actor: samples, and outlier judgements by its pool.</summary>
public sealed partial class EndpointActor
{
    private void Repeat(Tick tick, bool on, TimeSpan interval)
    {
        if (!on)
        {
            Timers.Cancel(tick);
        }
        else if (!Timers.IsTimerActive(tick))
        {
            Timers.StartPeriodicTimer(tick, tick, interval);
        }
    }

    private void At(Tick tick, TimeSpan time)
    {
        var left = time - Now;
        Timers.StartSingleTimer(tick, tick, left > TimeSpan.Zero ? left : TimeSpan.Zero);
    }

    private void Sample(EndpointStatus status)
    {
        (_window, var decision) = EndpointDecision.OnSample(status, _window, _endpoint.Cell.Successes, _endpoint.Cell.Failures, Breaker, Now);
        Apply(decision);
    }

    /// <summary>Whether it gets no requests, after the pool's cap.</summary>
    private bool IsOut => _pool.Snapshot.Find(_endpoint)?.Standing == Standing.Out;

    private EndpointDecision DecideOnOutlier(EndpointStatus status, object message) => (message, _pool.Snapshot.Settings.Outliers) switch
    {
        (Tick.OutlierElapsed, _) => OutlierDecision.OnElapsed(status, Now, IsOut),

        // Judged before the pool's settings changed.
        (_, null) => new(status, BreakerStep.None, []),
        (OutlierJudged(null), _) => OutlierDecision.OnNoOutlier(status),
        (OutlierJudged(var why), var policy) => OutlierDecision.OnOutlier(status, why, policy, Now, _random()),
        _ => throw new InvalidOperationException($"unhandled message: {message}"),
    };
}
