using Gateway.Core.Overload;

namespace Gateway.Node.Engine;

/// <summary>
/// The exchange's place under the adaptive limit of its pool. It is held from the beginning to the head of the answer: a body that is streamed, and a
/// tunnel, wait for nothing that fewer requests would shorten.
/// </summary>
internal sealed partial class Exchange
{
    /// <summary>null: it holds no place.</summary>
    private ConcurrencyPolicy? _limitedBy;

    /// <summary>Since when it is the backends' turn.</summary>
    private TimeSpan _waitsFrom;

    /// <summary>How many had a place when it took its own.</summary>
    private int _among;

    /// <summary>False: as many wait as may.</summary>
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

    /// <summary>The client sends its body, and the backend may be waiting for it.</summary>
    private void WaitAnew()
    {
        if (_limitedBy is not null)
        {
            _waitsFrom = _loop.Now;
        }
    }

    /// <summary>A head goes on to the client. An error says nothing about how long an answer takes, nor does an answer before the end of the body.</summary>
    private void LeavePlace(int status)
    {
        if (TryLeavePlace(out var policy) && status is < 500 and not StatusCodes.Status429TooManyRequests && !_attempts.IsRetry && _upload.IsReceived)
        {
            _pool.Concurrency.Observe(policy, _loop.Now - _waitsFrom, _among, _loop.Now);
        }
    }

    /// <summary>The exchange ends, and no head has gone on to the client.</summary>
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
