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
    private RequestEnding _ended;
    private TimeSpan _nextDelay;
    private TriedEndpoints? _tried;
    private int _attempts;
    private TimeSpan _begun;
    private bool _reported;
    private bool _observed;
    private bool _promised;
    private TrialProof? _proof;

    public AttemptLoop(Pool pool, ulong key, ITransport transport, GatewayMetrics metrics, TimeProvider clock)
    {
        (_pool, _key, _transport, _metrics, _clock) = (pool, key, transport, metrics, clock);
        (_settings, Edition) = pool.Edition;
    }

    /// <summary>The name of the pool.</summary>
    public string Pool => _pool.Name;

    /// <summary>The policies this request goes by.</summary>
    public PoolSettings Settings => _settings;

    /// <summary>Which settings of the pool they are.</summary>
    public long Edition { get; }

    /// <summary>What the request came to; of the attempts so far while there is another.</summary>
    public ref readonly RequestEnding Ended => ref _ended;

    /// <summary>Whether another attempt follows, whose lease is held.</summary>
    public bool HasNext { get; private set; }

    /// <summary>What is counted of whom the last attempt was sent to; null before the first.</summary>
    public EndpointMetrics? Backend { get; private set; }

    /// <summary>Bytes of the request's body that were taken from the client.</summary>
    public long BodyBytes => _exchange?.Body?.BytesRead ?? 0;

    private TimeSpan Now => _clock.GetElapsedTime(0);

    /// <summary>Picks for the first attempt. False: nobody can be sent the request, and <see cref="Ended"/> says why.</summary>
    public bool Begin(Exchange exchange)
    {
        _exchange = exchange;
        _begun = exchange.Begun;
        _pool.RetryBudget.Begin(_begun);
        var pick = PickAny(_begun, mayWait: true);
        if (pick.Kind == PickKind.Saturated)
        {
            _metrics.RequestSaturated(_pool.Name);
        }

        _ended = new(null, default, pick.Kind);
        _lease = pick.Lease;
        return pick.Kind == PickKind.Picked;
    }

    /// <summary>Sends an attempt to whom the last pick gave.</summary>
    public ValueTask<AttemptReport> SendAsync()
    {
        var cell = _lease.Cell;
        _attempts++;
        (_reported, _observed) = (false, false);
        _exchange.Queued = TimeSpan.Zero;
        Backend = _metrics.Of(cell);
        Backend.Begun();
        return _transport.SendAsync(_exchange, cell);
    }

    /// <summary>Takes in how the attempt ended, and whether there is another one.</summary>
    public void Conclude(in AttemptReport report)
    {
        ReportEnd(report);
        _lease.Release();
        _ended = new(_lease.Cell, report, PickKind.Picked);
        HasNext = _promised || PrepareRetry(report);
    }

    /// <summary>Goes on to the next attempt once its time has come. False: the client has left meanwhile.</summary>
    public async ValueTask<bool> NextAsync()
    {
        if (_nextDelay > TimeSpan.Zero)
        {
            // Ends early when the client leaves, which is looked at next.
            await Task.Delay(_nextDelay, _clock, _exchange.ClientGone).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        if (_exchange.ClientGone.IsCancellationRequested)
        {
            _ended = _ended with { Report = new AttemptReport(AttemptEnd.ClientGone) };
            return false;
        }

        _exchange.Body?.Rewind();
        (_lease, _next, _promised) = (_next, default, false);
        _begun = Now;
        return true;
    }

    /// <summary>Ends whatever lease is still held.</summary>
    public void End()
    {
        SettleProof();
        _lease.Release();
        _next.Release();
    }

    /// <inheritdoc/>
    public bool PassOn(in AnswerHead head)
    {
        var now = head.At ?? Now;
        _lease.Headed();
        Backend!.Headed(head.Status);
        var (outcome, reason) = OutcomeClassifier.ClassifyStatus(head.Status, _settings.Breaker);
        var report = new AttemptReport(AttemptEnd.Discarded, head.Status, head.FullySent);
        if (_settings.Retry.Statuses.Contains(head.Status) && Decide(report) != RetryDecision.Stop && TryReserve(report, head.RetryAfter, now))
        {
            Report(report, outcome, reason, now);
            return false;
        }

        Backend!.Answered(SinceBegun(now));
        if (outcome == Outcome.Failure)
        {
            Report(report, outcome, reason, now);
            return true;
        }

        _lease.Cell.Observe(SinceBegun(now), now);
        _observed = true;
        if (_lease.IsTrial)
        {
            _proof = new TrialProof(_lease, _clock);
        }

        return true;
    }

    /// <summary>Reports how the attempt ended, unless its head was a failure: then that has been reported, whatever became of the rest.</summary>
    private void ReportEnd(in AttemptReport report)
    {
        SettleProof();
        if (!_reported)
        {
            var (outcome, reason) = OutcomeClassifier.Classify(report, _settings.Breaker, _settings.Timeouts.EffectiveTry);
            Report(report, outcome, reason, Now);
        }
    }

    private void SettleProof()
    {
        if (_proof?.Settle() == false)
        {
            _lease.WasProven();
        }

        _proof = null;
    }

    private void Report(in AttemptReport report, Outcome outcome, FailureReason reason, TimeSpan now)
    {
        _reported = true;
        var cell = _lease.Cell;
        if (outcome == Outcome.Failure)
        {
            cell.Remember(reason, report.Status, report.Detail, now);
        }

        _lease.Report(outcome, reason);
        switch (outcome)
        {
            case Outcome.Success when !_observed:
                cell.Observe(SinceBegun(now), now);
                break;
            case Outcome.Failure:
                cell.Observe(LatencyWord.Penalty, now);
                Backend!.Failed(reason);
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

    /// <summary>Picks where the retry goes, and pays for it: an endpoint not yet tried while there is one. At most once for each attempt.</summary>
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
        _promised = true;
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
}
