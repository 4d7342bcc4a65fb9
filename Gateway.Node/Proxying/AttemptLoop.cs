using System.Runtime.CompilerServices;
using Gateway.Core.Balancing;
using Gateway.Core.Endpoints;
using Gateway.Core.Outcomes;
using Gateway.Core.Pools;
using Gateway.Core.Retrying;
using Gateway.Node.Metrics;
using Gateway.Upstream;

namespace Gateway.Node.Proxying;

/// <summary>
/// Carries one request through its attempts: pick, lease, send, report, and again where the rules allow. Holds at most two leases, the
/// one in use and the one that a retry was promised with, and ends both whatever happens.
/// </summary>
internal sealed class AttemptLoop : IAnswerGate
{
    private static readonly TimeSpan MaxRetryAfter = TimeSpan.FromSeconds(1);

    private readonly Pool _pool;
    private readonly PoolSettings _settings;
    private readonly ulong _key;
    private readonly ITransport _transport;
    private readonly GatewayMetrics _metrics;
    private readonly TimeProvider _clock;
    private Exchange _exchange = null!;
    private Lease _lease;
    private Lease _next;
    private TimeSpan _nextDelay;
    private TriedEndpoints? _tried;
    private int _attempts;
    private TimeSpan _begun;
    private bool _reported;

    public AttemptLoop(Pool pool, ulong key, ITransport transport, GatewayMetrics metrics, TimeProvider clock)
    {
        _pool = pool;
        _settings = pool.Settings;
        _key = key;
        _transport = transport;
        _metrics = metrics;
        _clock = clock;
    }

    /// <summary>The policies this request goes by.</summary>
    public PoolSettings Settings => _settings;

    private TimeSpan Now => _clock.GetElapsedTime(0);

    /// <summary>Runs to the last answer.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<Ending> RunAsync(Exchange exchange)
    {
        _exchange = exchange;
        var now = Now;
        _pool.RetryBudget.Begin(now);
        var pick = PickAny(now, mayWait: true);
        if (pick.Kind != PickKind.Picked)
        {
            if (pick.Kind == PickKind.Saturated)
            {
                _metrics.RequestSaturated(_pool.Name);
            }

            return new(null, default, pick.Kind);
        }

        _lease = pick.Lease;
        try
        {
            while (true)
            {
                var cell = _lease.Cell;
                Begin(cell, now);
                AttemptReport report;
                try
                {
                    report = await _transport.SendAsync(exchange, cell);
                    Conclude(report);
                }
                finally
                {
                    _lease.Release();
                }

                if (report.End != AttemptEnd.Discarded && !PrepareRetry(report))
                {
                    return new(cell, report, PickKind.Picked);
                }

                await WaitAsync(_nextDelay);
                if (exchange.Context.RequestAborted.IsCancellationRequested)
                {
                    return new(cell, new AttemptReport(AttemptEnd.ClientGone), PickKind.Picked);
                }

                exchange.Body?.Rewind();
                (_lease, _next) = (_next, default);
                now = Now;
            }
        }
        finally
        {
            _lease.Release();
            _next.Release();
        }
    }

    /// <inheritdoc/>
    public bool PassOn(in AnswerHead head)
    {
        var now = Now;
        var (outcome, reason) = OutcomeClassifier.ClassifyStatus(head.Status, _settings.Retry);
        var report = new AttemptReport(AttemptEnd.Discarded, head.Status, head.FullySent);
        if (outcome == Outcome.Failure && Decide(report) != RetryDecision.Stop && TryReserve(report, head.RetryAfter, now))
        {
            Report(outcome, reason, now);
            return false;
        }

        _metrics.Of(_lease.Cell).Answered(SinceBegun(now));
        Report(outcome, reason, now);
        return true;
    }

    private void Begin(EndpointCell cell, TimeSpan now)
    {
        _attempts++;
        _reported = false;
        _begun = now;
        _exchange.Queued = TimeSpan.Zero;
        _metrics.Of(cell).Begun();
    }

    /// <summary>Reports what the head did not: an end without one, or a body that broke after it.</summary>
    private void Conclude(in AttemptReport report)
    {
        if (!_reported)
        {
            var (outcome, reason) = OutcomeClassifier.Classify(report, _settings.Retry, _settings.Timeouts.EffectiveTry);
            Report(outcome, reason, Now);
        }
        else if (report.End is AttemptEnd.BodyBroken or AttemptEnd.Broken or AttemptEnd.Malformed)
        {
            var reason = report.End == AttemptEnd.Malformed ? FailureReason.Malformed : FailureReason.Body;
            _lease.ReportBrokenBody(reason);
            _metrics.Of(_lease.Cell).Failed(reason);
        }
    }

    private void Report(Outcome outcome, FailureReason reason, TimeSpan now)
    {
        _reported = true;
        var cell = _lease.Cell;
        _lease.Report(outcome, reason);
        switch (outcome)
        {
            case Outcome.Success:
                cell.Observe(SinceBegun(now), now);
                break;
            case Outcome.Failure:
                cell.Observe(LatencyWord.Penalty, now);
                _metrics.Of(cell).Failed(reason);
                break;
            default:
                break;
        }
    }

    /// <summary>After an attempt without an answer: whether there is another one, with its lease in hand.</summary>
    private bool PrepareRetry(in AttemptReport report)
    {
        if (report.Stale && !_exchange.NeedsNewConnection)
        {
            // It may only have met the end of an idle connection: one more try, on a new one, beside those that are configured.
            _exchange.NeedsNewConnection = true;
            _attempts--;
        }

        return report.End is not (AttemptEnd.Answered or AttemptEnd.BodyBroken or AttemptEnd.BodyAbandoned) &&
            !_exchange.Context.Response.HasStarted &&
            Decide(report) != RetryDecision.Stop &&
            TryReserve(report, retryAfter: null, Now);
    }

    /// <summary>How long the endpoint has had: a wait for one of its connections is not its doing.</summary>
    private TimeSpan SinceBegun(TimeSpan now) => now - _begun - _exchange.Queued;

    private RetryDecision Decide(in AttemptReport report) => RetryRules.Decide(
        report, _exchange.Context.Request.Method, _exchange.Body?.State ?? BodyState.Unread, _attempts, _settings.Retry);

    /// <summary>Picks where the retry goes, and pays for it: an endpoint not yet tried while there is one.</summary>
    private bool TryReserve(in AttemptReport report, TimeSpan? retryAfter, TimeSpan now)
    {
        (_tried ??= new()).Add(_lease.Cell);
        var pick = Pick(now, _tried);
        var elsewhere = pick.Kind == PickKind.Picked;
        if (!elsewhere && report.Status != StatusCodes.Status503ServiceUnavailable && report.End != AttemptEnd.Saturated)
        {
            pick = PickAny(now, mayWait: report.End != AttemptEnd.Discarded);
        }

        if (pick.Kind != PickKind.Picked)
        {
            return false;
        }

        _next = pick.Lease;
        var free = Decide(report) == RetryDecision.Failover;
        _nextDelay = free ? TimeSpan.Zero : Backoff.Before(_attempts, RequestRandom.NextUnit());
        if (!elsewhere && retryAfter > _nextDelay)
        {
            _nextDelay = retryAfter.Value;
        }

        if (_nextDelay > MaxRetryAfter || now + _nextDelay >= _exchange.Deadline || (!free && !_pool.RetryBudget.TryRetry(now, _settings.Retry)))
        {
            _metrics.RetryRefused(_pool.Name);
            _next.Release();
            _next = default;
            return false;
        }

        _metrics.Retried(_lease.Cell, free);
        return true;
    }

    /// <summary>Any endpoint with room, tried already or not; where none has, one to wait at.</summary>
    /// <param name="mayWait">Not with an answer in hand, which is better than to wait for another.</param>
    private PickResult PickAny(TimeSpan now, bool mayWait)
    {
        var pick = Pick(now);
        return pick.Kind == PickKind.Saturated && mayWait && _transport.CanQueue(_exchange) ? Pick(now, queue: true) : pick;
    }

    private PickResult Pick(TimeSpan now, TriedEndpoints? tried = null, bool queue = false)
    {
        var context = new PickContext(_key, RequestRandom.Next(), now, tried, queue);
        var pick = _pool.Picker.Pick(context);
        if (pick.Kind == PickKind.Saturated)
        {
            pick = _pool.Picker.Pick(context with { Insist = true });
        }

        if (pick.Panic)
        {
            _metrics.PanicPicked(_pool.Name);
        }

        if (pick.Zone != PickedZone.None)
        {
            _metrics.Of(pick.Lease.Cell).PickedBy(pick.Zone);
        }

        return pick;
    }

    private async ValueTask WaitAsync(TimeSpan delay)
    {
        if (delay > TimeSpan.Zero)
        {
            // Ends early when the client leaves, which the caller looks at next.
            await Task.Delay(delay, _clock, _exchange.Context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>What a request came to.</summary>
    /// <param name="Endpoint">Who was sent the last attempt; null when there was none.</param>
    /// <param name="Report">How that attempt ended.</param>
    /// <param name="Pick">What the first pick came to.</param>
    public readonly record struct Ending(EndpointCell? Endpoint, AttemptReport Report, PickKind Pick);
}
