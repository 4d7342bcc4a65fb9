using Gateway.Core.Overload;

namespace Gateway.Node.Engine;

/// <summary>
/// The exchange's place under its pool's adaptive limit, held from the start to the head of the answer: the duration of a streamed body or a tunnel would not
/// be shorter with fewer requests.
/// </summary>
internal sealed partial class Exchange
{
    /// <summary>The policy of the place held; null: no place.</summary>
    private ConcurrencyPolicy? _limitedBy;

    /// <summary>When the wait for the backend began.</summary>
    private TimeSpan _waitsFrom;

    /// <summary>The number of places taken, including its own, when it took its place.</summary>
    private int _among;

    /// <summary>Takes a place. False if the limit's share for this priority is used up.</summary>
    private bool TryTakePlace(ConcurrencyPolicy? policy, RequestPriority priority, TimeSpan now)
    {
        _limitedBy = null;
        if (policy is null)
        {
            return true;
        }

        if (!_pool.Concurrency.TryEnter(policy, priority, out _among))
        {
            return false;
        }

        (_limitedBy, _waitsFrom) = (policy, now);
        return true;
    }

    /// <summary>Restarts the wait while the client sends its body: the backend may be waiting for it.</summary>
    private void WaitAgain()
    {
        if (_limitedBy is not null)
        {
            _waitsFrom = _loop.Now;
        }
    }

    /// <summary>
    /// Leaves the place when a head goes to the client. The duration of an error does not count, nor that of an answer before the end of the body.
    /// </summary>
    private void LeavePlace(int status)
    {
        if (TryLeavePlace(out var policy) && status is < 500 and not StatusCodes.Status429TooManyRequests && !_attempts.IsRetry && _upload.IsReceived)
        {
            _pool.Concurrency.Observe(policy, _loop.Now - _waitsFrom, _among, _loop.Now);
        }
    }

    /// <summary>Leaves the place when the exchange ends without a head for the client.</summary>
    private void LeavePlaceUnanswered(int status)
    {
        if (TryLeavePlace(out var policy) && status is ClientClosedRequest or StatusCodes.Status504GatewayTimeout && !_attempts.IsRetry && _upload.IsReceived)
        {
            _pool.Concurrency.ObserveUnanswered(policy, _loop.Now - _waitsFrom, _among, _loop.Now);
        }
    }

    private bool TryLeavePlace(out ConcurrencyPolicy policy)
    {
        policy = _limitedBy!;
        if (_limitedBy is null)
        {
            return false;
        }

        _limitedBy = null;
        _pool.Concurrency.Leave();
        return true;
    }
}
