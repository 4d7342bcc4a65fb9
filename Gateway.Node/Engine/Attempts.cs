using Gateway.Core.Balancing;
using Gateway.Core.Cells;
using Gateway.Core.Outcomes;
using Gateway.Core.Pools;
using Gateway.Core.Retrying;
using Gateway.Node.Metrics;
using Gateway.Node.Routing;

namespace Gateway.Node.Engine;

/// <summary>
/// The attempts of one request: picks endpoints, reports outcomes, and decides whether another attempt follows. Holds at most two leases, the current one and
/// the one reserved for a retry, and always ends both. Moves no bytes. Reused for request after request.
/// </summary>
internal sealed class Attempts(GatewayMetrics metrics, TimeProvider clock)
{
    private static readonly TimeSpan MaxRetryAfter = TimeSpan.FromSeconds(1);

    private Pool _pool = null!;
    private PoolSnapshot? _snapshot; // The snapshot for picks; null once no attempt can follow, so that a long answer keeps nothing old alive.
    private ulong _key;
    private string _method = "";
    private TimeSpan _deadline;
    private Lease _lease;
    private Lease _next;
    private TriedEndpoints? _tried;
    private int _made;
    private TimeSpan _begun;
    private bool _isOut;
    private bool _reported;
    private bool _observed;
    private bool _failed;
    private bool _mayWait;
    private TrialProof? _proof;

    /// <summary>The pool's settings, with the route's changes.</summary>
    public PoolSettings Settings { get; private set; } = null!;

    /// <summary>The edition of the pool's policies in Settings; see PoolSnapshot.Edition.</summary>
    public long Edition { get; private set; }

    /// <summary>The endpoint of the attempt.</summary>
    public EndpointCell Cell => _lease.Cell;

    /// <summary>The metrics of the last attempt's endpoint; null before the first attempt.</summary>
    public EndpointMetrics? Backend { get; private set; }

    /// <summary>Whether the attempt must not use a kept-alive connection: the previous one found its connection dead.</summary>
    public bool NeedsNewConnection { get; private set; }

    /// <summary>Whether this is not the first attempt.</summary>
    public bool IsRetry => _tried is not null || NeedsNewConnection;

    /// <summary>The delay before the next attempt.</summary>
    public TimeSpan NextDelay { get; private set; }

    /// <summary>The time that the attempt waited for room, which says nothing about the endpoint.</summary>
    public TimeSpan Queued { get; set; }

    /// <summary>Picks for the first attempt.</summary>
    /// <param name="pool">The pool's newest snapshot, which the request uses.</param>
    /// <param name="affine">The endpoint of the client's affinity; null: none. If it does not accept the request, another is picked.</param>
    /// <param name="mayWait">Whether it may wait if no endpoint has room.</param>
    /// <param name="policies">The route's changes to the pool's policies; null: none.</param>
    public PickKind Begin(PoolSnapshot pool, ulong key, string method, TimeSpan now, PolicyOverlay? policies = null, PoolMember? affine = null, bool mayWait = true)
    {
        (_pool, _snapshot, _key, _method, _begun, _mayWait) = (pool.Pool, pool, key, method, now, mayWait);
        (Settings, Edition) = (policies?.Over(pool.Settings) ?? pool.Settings, pool.Edition);
        (_tried, _made, Backend, NeedsNewConnection) = (null, 0, null, false);
        _deadline = now + Settings.Timeouts.Request;
        _pool.RetryBudget.Begin(now);
        if (affine is { TakesAffinity: true } && affine.Cell.TryLease(out var kept) == Admission.Granted)
        {
            _lease = kept;
            return PickKind.Picked;
        }

        var pick = PickAny(pool.Picker, now, mayWait: true);
        if (pick.Kind == PickKind.Saturated)
        {
            metrics.RequestSaturated(_pool.Name);
        }

        _lease = pick.Lease;
        return pick.Kind;
    }

    /// <summary>Sets the deadline after which no attempt begins.</summary>
    public void EndBy(TimeSpan deadline) => _deadline = deadline < _deadline ? deadline : _deadline;

    /// <summary>Called when the attempt is sent to the picked endpoint.</summary>
    public void Sending()
    {
        _made++;
        (_isOut, _reported, _observed, _failed) = (true, false, false, false);
        Queued = TimeSpan.Zero;
        Backend = metrics.Of(_lease.Cell);
        Backend.Begun();
    }

    /// <summary>Called with a final head. Returns whether it is passed to the client; if not, it is discarded and another attempt follows.</summary>
    /// <param name="grpc">The gRPC status in the head; null: none.</param>
    public bool PassOn(int status, GrpcStatus? grpc, bool fullySent, TimeSpan? retryAfter, BodyState body, TimeSpan now)
    {
        _lease.Headed();
        Backend!.Headed(status);
        var (outcome, reason) = OutcomeClassifier.ClassifyStatus(status, grpc, Settings.Breaker.FailureStatuses, Settings.Breaker.GrpcFailureStatuses);
        var report = new AttemptReport(AttemptEnd.Discarded, status, fullySent) { Grpc = grpc };
        var mayDiscard = Settings.Retry.Statuses.Contains(status) || Settings.Retry.GrpcStatuses.Contains(grpc);
        if (mayDiscard && Decide(report, body) != RetryDecision.Stop && TryReserve(report, body, retryAfter, now))
        {
            Report(report, outcome, reason, now);
            return false;
        }

        _snapshot = null;
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
            _proof = new TrialProof(_lease, clock);
        }

        return true;
    }

    /// <summary>Called when the attempt has ended, and its lease with it.</summary>
    /// <param name="answerBegun">Whether any part of an answer has reached the client.</param>
    /// <returns>Whether another attempt follows, after <see cref="NextDelay"/>.</returns>
    public bool Conclude(in AttemptReport report, BodyState body, bool answerBegun, TimeSpan now)
    {
        SettleProof();
        if (!_reported)
        {
            var (outcome, reason) = OutcomeClassifier.Classify(report, Settings.Breaker.FailureStatuses, Settings.Breaker.GrpcFailureStatuses, Settings.Timeouts.EffectiveTry);
            Report(report, outcome, reason, now);
        }

        CountEnd(wentWrong: _failed || report.Status >= StatusCodes.Status500InternalServerError);
        _lease.Release();
        if (report.End == AttemptEnd.Discarded)
        {
            return true;
        }

        if (report.Stale && !NeedsNewConnection)
        {
            // The idle connection may just have been closed: one extra try on a new one, on top of the configured ones.
            NeedsNewConnection = true;
            _made--;
        }

        return !answerBegun && report.End is not (AttemptEnd.Answered or AttemptEnd.BodyBroken or AttemptEnd.BodyAbandoned) &&
            Decide(report, body) != RetryDecision.Stop && TryReserve(report, body, retryAfter: null, now);
    }

    /// <summary>Begins the next attempt, after its delay.</summary>
    public void Next(TimeSpan now)
    {
        (_lease, _next) = (_next, default);
        _begun = now;
    }

    /// <summary>Ends any lease still held.</summary>
    public void End()
    {
        SettleProof();
        CountEnd(wentWrong: false);
        _lease.Release();
        _next.Release();
        (_lease, _next, _snapshot) = (default, default, null);
    }

    /// <summary>Counts the end of a sent attempt, once.</summary>
    private void CountEnd(bool wentWrong)
    {
        if (_isOut)
        {
            _isOut = false;
            Backend!.Ended(wentWrong);
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
        (_reported, _failed) = (true, outcome == Outcome.Failure);
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

    private TimeSpan SinceBegun(TimeSpan now) => now - _begun - Queued;

    private RetryDecision Decide(in AttemptReport report, BodyState body) => RetryRules.Decide(report, _method, body, _made, Settings.Retry);

    /// <summary>Picks an endpoint for the retry, one not tried yet if possible, and charges the retry budget.</summary>
    private bool TryReserve(in AttemptReport report, BodyState body, TimeSpan? retryAfter, TimeSpan now)
    {
        (_tried ??= new()).Add(_lease.Cell);
        _snapshot = _pool.NewestFor(_snapshot);
        var picker = _snapshot.Picker;
        var pick = Pick(picker, now, _tried);
        var elsewhere = pick.Kind == PickKind.Picked;
        if (!elsewhere && report is not { Status: StatusCodes.Status503ServiceUnavailable } and not { Grpc: GrpcStatus.Unavailable } and not { End: AttemptEnd.Saturated })
        {
            pick = PickAny(picker, now, mayWait: report.End != AttemptEnd.Discarded);
        }

        if (pick.Kind != PickKind.Picked)
        {
            return false;
        }

        _next = pick.Lease;
        var free = Decide(report, body) == RetryDecision.Failover;
        NextDelay = free ? TimeSpan.Zero : Backoff.Before(_made, RequestRandom.NextUnit());
        if (!elsewhere && retryAfter > NextDelay)
        {
            NextDelay = retryAfter.Value;
        }

        if (NextDelay > MaxRetryAfter || now + NextDelay >= _deadline || (!free && !_pool.RetryBudget.TryRetry(now, Settings.Retry)))
        {
            metrics.RetryRefused(_pool.Name);
            _next.Release();
            _next = default;
            return false;
        }

        metrics.Retried(_lease.Cell, free);
        return true;
    }

    /// <summary>Picks any endpoint with room, tried or not; if none has room, one to wait at.</summary>
    private PickResult PickAny(Picker picker, TimeSpan now, bool mayWait)
    {
        var pick = Pick(picker, now);
        return pick.Kind == PickKind.Saturated && mayWait && _mayWait ? Pick(picker, now, options: LeaseOptions.Queue) : pick;
    }

    private PickResult Pick(Picker picker, TimeSpan now, TriedEndpoints? tried = null, LeaseOptions options = LeaseOptions.None)
    {
        var context = new PickContext(_key, RequestRandom.Next(), now, tried, options);
        var pick = picker.Pick(context);
        if (pick.Kind == PickKind.Saturated)
        {
            pick = picker.Pick(context with { Options = context.Options | LeaseOptions.Insist });
        }

        if (pick.Panic)
        {
            metrics.PanicPicked(_pool.Name);
        }

        if (pick.Zone != PickedZone.None)
        {
            metrics.Of(pick.Lease.Cell).PickedBy(pick.Zone);
        }

        if (pick.Priority is { } priority)
        {
            metrics.Of(pick.Lease.Cell).PickedFor(priority);
        }

        return pick;
    }
}
