namespace Gateway.Upstream.Http1;

/// <summary>The receive that is under way: begun for an answer or while the connection is idle, and ended once.</summary>
internal sealed partial class Http1Connection
{
    /// <summary>Unless one is under way.</summary>
    private void BeginReceive(int limit)
    {
        if (_receive == (int)Receive.None)
        {
            _input.MakeRoom(limit);
            BeginReceive();
        }
    }

    private void BeginReceive()
    {
        Volatile.Write(ref _receive, (int)Receive.Pending);
#pragma warning disable CA2012 // The awaiter is kept to be completed by OnReceived, once, which no await could do without allocating.
        _pending = _stream.ReadAsync(_input.Room).GetAwaiter();
#pragma warning restore CA2012
        if (_pending.IsCompleted)
        {
            OnReceived();
        }
        else
        {
            _pending.UnsafeOnCompleted(_onReceived);
        }
    }

    private void OnReceived()
    {
        var (received, fault) = (0, default(Exception));
        try
        {
            received = _pending.GetResult();
        }
#pragma warning disable CA1031 // Nobody is above this: it is told to who waits for the receive.
        catch (Exception error)
#pragma warning restore CA1031
        {
            fault = error;
        }

        // Marked before the state is looked at, and the other way round in PutIdle and TryTake: one of the two sees the other.
        Interlocked.Exchange(ref _receive, (int)Receive.Completed);
        if (Volatile.Read(ref _state) == (int)ConnectionState.Idle)
        {
            CloseIdle();
        }

        Interlocked.Exchange(ref _tell, null)?.OnReceived();
        if (fault is null)
        {
            _received.SetResult(received);
        }
        else
        {
            _received.SetException(fault);
        }
    }
}
