using System.Buffers.Binary;
using Gateway.Http.Http2;

namespace Gateway.Node.Engine.Http2;

/// <summary>How it ends: by an error, or in order, once what is under way has been finished.</summary>
internal sealed partial class Http2Connection
{
    private bool _isLeaving;
    private bool _hasSaidSo;
    private bool _saysFarewell;

    /// <summary>The replica leaves: the client is to open no more streams here. Those that it opens all the same, before it has heard of it, are served.</summary>
    public void Drain()
    {
        if (_state is State.Greeting)
        {
            Close(reset: false);
        }
        else if (_state != State.Over && !_hasSaidSo)
        {
            (_isLeaving, _hasSaidSo) = (true, true);
            WriteGoAway(int.MaxValue, Http2Error.NoError);
        }
    }

    /// <summary>The same, by any thread.</summary>
    public void DrainLater() => _loop.Wire.Post(Drain);

    /// <summary>Ends at once, and whatever is under way with it.</summary>
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

    /// <summary>Says why, and up to which stream something was done; ends every stream, and closes once that has been read.</summary>
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
            _saysFarewell = true;
            _loop.FarewellSaid();
            if (error != Http2Error.NoError)
            {
                _channel.EndSending(); // In order it is the client that closes: it may still be at what it was sent last, which some take for cut off when the end comes with it.
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
