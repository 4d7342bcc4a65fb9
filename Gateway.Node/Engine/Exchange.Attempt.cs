using Gateway.Core.Pools;
using Gateway.Core.Retrying;
using Gateway.Upstream.Http2;
using Gateway.Wire;

namespace Gateway.Node.Engine;

/// <summary>Attempts: from a lease to the end of an answer, and the next step.</summary>
internal sealed partial class Exchange
{
    /// <summary>The status in metrics for a client that left before its answer.</summary>
    private const int ClientClosedRequest = 499;

    /// <summary>Called when the connection made for this attempt is connected.</summary>
    public void OnConnected()
    {
        if (_greeting is not null && !_backend!.Pool.Counts.IsTls)
        {
            _backend.Channel.Send(_greeting); // Over TLS it precedes the handshake.
        }

        SendRequest([]);
    }

    /// <summary>Called when the buffered part of the request has been sent.</summary>
    public void OnRequestDrained()
    {
        _active = _loop.Wire.Now;
        if (_stage != Stage.Tunnel && _upload.Unsent > 0 && !_upload.SendHeld(Blocks, _backend!.Channel))
        {
            return;
        }

        ResumeBody();
        if (_stage != Stage.Tunnel)
        {
            CheckSent();
        }
    }

    /// <summary>Sends the request to the picked endpoint: on an idle connection, on a new one, or once there is room for one.</summary>
    private void Send(ReadOnlySpan<byte> body)
    {
        _attempts.Sending();
        RecordAttempt();
        _attempt++;
        _otherAddresses = null;
        (_stage, _sentAt, _waitingSince) = (Stage.Waiting, 0, _loop.Wire.Now);
        var pool = _loop.PoolOf(_attempts.Cell);
        if (IsHttp2)
        {
            Use(pool.Open(StreamOf(_attempts.Settings)), body);
            return;
        }

        var idleAtMost = _attempts.NeedsNewConnection || _greeting is not null ? -1 : RetryRules.IsIdempotent(_method) ? BackendPool.AnyIdleTime : FreshMilliseconds;
        if (pool.TryTakeIdle(idleAtMost, _attempts.Settings.Connections) is { } idle)
        {
            Use(idle, body);
            return;
        }

        _upload.Hold(Blocks, body);
        var max = _attempts.Settings.Connections.Max;
        var othersHave = idleAtMost == BackendPool.AnyIdleTime && pool.Counts.Idle > 0 && !pool.Counts.IsTls;
        if (!othersHave && (pool.Counts.TryReserve(max) || (pool.CloseOldest() && pool.Counts.TryReserve(max))))
        {
            Connect();
            return;
        }

        _wait = new ConnectionWait(_loop, pool.Counts, _attempts.Settings.Connections, this, _attempt);
        _client.Channel.Deadline = Math.Min(_requestDeadline, _loop.Wire.Now + Milliseconds(_attempts.Settings.Connections.QueueTimeout));
        PauseBody();
        pool.Join(_wait, max, othersHave);
    }

    private Http2Stream StreamOf(PoolSettings settings) => new(
        _loop.Context.Backends.Http2, _attempts.Cell, settings.Connections, _attempts.Edition, _attempts.NeedsNewConnection, settings.Timeouts.EffectiveTry);

    private void EndWait()
    {
        _wait = null;
        _attempts.Queued = TimeSpan.FromMilliseconds(_loop.Wire.Now - _waitingSince);
    }

    private void Use(BackendConnection connection, ReadOnlySpan<byte> body)
    {
        (_backend, _stage, _interim) = (connection, Stage.Sending, 0);
        connection.Begin(this);
        if (!connection.IsConnecting)
        {
            SendRequest(body);
            return;
        }

        _upload.Hold(Blocks, body); // Nothing is sent until a connection is established, so that until then any request may go elsewhere.
        if (_upload.Unsent >= MaxHeld)
        {
            PauseBody();
        }

        SetDeadline();
    }

    private void SendRequest(ReadOnlySpan<byte> body)
    {
        RecordConnected();
        var head = _head!.Used;
        WriteTimeLeft(head);
        var channel = _backend!.Channel;
        bool clear;
        if (_attempts.Settings.Host.Mode == HostMode.Endpoint && _attempts.IsRetry)
        {
            clear = ResendHead(channel, head);
        }
        else if (_upload.Unsent == 0)
        {
            clear = body.IsEmpty ? channel.Send(head) : channel.Send(head, body);
            _upload.Passed(Blocks, body);
        }
        else
        {
            clear = channel.Send(head) & _upload.SendHeld(Blocks, channel);
        }

        if (!clear)
        {
            PauseBody();
        }
        else if (!_upload.IsReceived)
        {
            ResumeBody();
        }

        CheckSent();
    }

    /// <summary>Sends the head with the name of the current endpoint.</summary>
    private bool ResendHead(Channel channel, ReadOnlySpan<byte> head)
    {
        var to = new ByteWriter(_loop.Scratch);
        to.Write(head[.._hostLine.Start]);
        RequestWriter.WriteHost(ref to, _attempts.Settings.Host, [], _attempts.Cell.Id.Address.Label);
        to.Write(head[_hostLine.End..]);
        return channel.Send(_loop.Scratch.AsSpan(0, to.Length)) & _upload.SendHeld(Blocks, channel);
    }

    private void ForwardTrailers()
    {
        if (_stage != Stage.None)
        {
            var trailers = _loop.Scratch.AsSpan(0, _upload.WriteTrailers(_loop.Scratch));
            Copy(trailers);
            Forward(trailers);
        }
    }

    private void Forward(ReadOnlySpan<byte> bytes)
    {
        if (_stage is Stage.None)
        {
            return; // Earlier data has ended it.
        }

        bool clear;
        if (_backend is { IsConnecting: false } && _upload.Unsent == 0)
        {
            clear = _backend.Channel.Send(bytes);
            _upload.Passed(Blocks, bytes);
        }
        else
        {
            _upload.Hold(Blocks, bytes);
            clear = _upload.Unsent < MaxHeld;
        }

        if (!clear)
        {
            PauseBody();
        }

        if (_stage == Stage.Sending && !_backend!.IsConnecting)
        {
            CheckSent();
        }
    }
}
