using System.Buffers.Binary;
using Gateway.Http.Http2;

namespace Gateway.Node.Engine.Http2;

/// <summary>The end of a connection: by an error, or in order, after requests in progress.</summary>
internal sealed partial class Http2Connection
{
    private bool _isLeaving;
    private bool _isClientNotified;
    private bool _isGoAwayPending;

    /// <summary>Asks the client to open no more streams, because the replica leaves. Streams that it opens before it learns of that are served.</summary>
    public void Drain()
    {
        if (_state is State.Greeting)
        {
            Close(reset: false);
        }
        else if (_state != State.Over && !_isClientNotified)
        {
            (_isLeaving, _isClientNotified) = (true, true);
            WriteGoAway(int.MaxValue, Http2Error.NoError);
        }
    }

    /// <summary>Calls <see cref="Drain"/> on the loop. Thread-safe.</summary>
    public void DrainLater() => _loop.Wire.Post(Drain);

    /// <summary>Ends at once, with any requests in progress.</summary>
    public void CutOff()
    {
        var isIdle = _streams.Count == 0 && _channel.Backlog == 0;
        if (_state is State.Open or State.Settings or State.Preface)
        {
            WriteGoAway(_lastStream, Http2Error.NoError);
            SendGathered();
        }

        Close(reset: !isIdle);
    }

    private void EndIfLeaving()
    {
        if (_isHeadLate && _streams.Count == 0)
        {
            Leave(Http2Error.EnhanceYourCalm);
        }
        else if (_isLeaving && _streams.Count == 0 && _waiting.Count == 0)
        {
            Leave(Http2Error.NoError);
        }
    }

    /// <summary>Sends the reason and the last processed stream; ends every stream, and closes once that has been read.</summary>
    private void Leave(Http2Error error)
    {
        if (_state == State.Over)
        {
            return;
        }

        _loop.Context.Metrics.Limits.Http2Ended(error);
        if (_state != State.Greeting)
        {
            WriteGoAway(_lastStream, error);
        }

        _state = State.Over;
        EndStreams();
        SendGathered();
        if (!_isClosed)
        {
            _isGoAwayPending = true;
            _clients.GoAwaySent();
            if (error != Http2Error.NoError)
            {
                _channel.EndSending(); // Otherwise the client closes: some take an answer for cut off when the end comes right with its last data.
            }

            _channel.Resume();
            _channel.Deadline = _loop.Wire.Now + (IsBlocked ? Http2Limits.KeepAlive : Http2Limits.Linger);
        }
    }

    private void WriteGoAway(int last, Http2Error error)
    {
        Span<byte> payload = stackalloc byte[8];
        BinaryPrimitives.WriteInt32BigEndian(payload, last);
        BinaryPrimitives.WriteInt32BigEndian(payload[4..], (int)error);
        WriteFrame(FrameType.GoAway, 0, 0, payload);
    }
}
