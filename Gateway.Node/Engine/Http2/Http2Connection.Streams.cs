using Gateway.Http;
using Gateway.Http.Http2;

namespace Gateway.Node.Engine.Http2;

/// <summary>The streams: open ones, waiting ones, their ends, and their reuse.</summary>
internal sealed partial class Http2Connection
{
    private readonly ClosedStreams _closedStreams = new();

    /// <summary>Lists a stream to be checked at the end of the turn.</summary>
    public void List(Http2Stream stream)
    {
        if (!stream.IsListed)
        {
            stream.IsListed = true;
            _listed.Add(stream);
            ListSelf();
        }
    }

    /// <summary>Called when the engine ends a stream before its answer is complete.</summary>
    public void Reset(Http2Stream stream, Http2Error error)
    {
        Remove(stream, byUs: true);
        WriteReset(stream.Id, error);
    }

    /// <summary>Called when the answer is complete; the stream is too if the request is.</summary>
    public void OnAnswerEnded(Http2Stream stream)
    {
        _idleFrames.Credit();
        _resets.Credit();
        if (stream.HasRequestEnded)
        {
            Remove(stream, byUs: false);
        }

        List(stream);
    }

    /// <summary>Whether a stream number is unused, or cannot be a client's.</summary>
    private bool IsIdle(int id) => id > _lastStream || (id & 1) == 0;

    private void OnRequestEnded(Http2Stream stream)
    {
        if (stream.HasAnswerEnded && !stream.IsOver)
        {
            Remove(stream, byUs: false);
        }

        List(stream);
    }

    private void Remove(Http2Stream stream, bool byUs)
    {
        if (!stream.IsOver)
        {
            stream.IsOver = true;
            _streams.Remove(stream.Id);
            _closedStreams.Add(stream.Id, byUs ? StreamEnd.ByUs : StreamEnd.ByClient);
            if (_streams.Count == 0 && !_isClosed) // A closed channel has no deadline any more.
            {
                _idleBy = _loop.Wire.Now + Http2Limits.KeepAlive;
                SetDeadline();
                ListSelf();
            }
        }
    }

    /// <summary>Ends a stream because of the client's error on it.</summary>
    private Http2Error BreakStream(Http2Stream stream, Http2Error error, HttpFault fault = HttpFault.None)
    {
        if (fault != HttpFault.None)
        {
            stream.Client.CountMalformed(fault);
        }

        var isOpen = !stream.IsOver;
        Remove(stream, byUs: true);
        stream.Break();
        List(stream);
        return isOpen ? ResetForClient(stream.Id, error) : CountReset();
    }

    private Http2Error BreakStream(int id, Http2Error error)
    {
        if (_streams.TryGetValue(id, out var stream))
        {
            return BreakStream(stream, error);
        }

        if (IsIdle(id))
        {
            return error; // A stream that is not open cannot be reset.
        }

        return ResetForClient(id, error);
    }

    /// <summary>Refuses a stream that was never opened.</summary>
    private Http2Error RefuseStream(int id, Http2Error error)
    {
        _closedStreams.Add(id, StreamEnd.ByUs);
        return ResetForClient(id, error);
    }

    /// <summary>Resets a stream because of the client, and counts that towards its limit.</summary>
    private Http2Error ResetForClient(int id, Http2Error error)
    {
        _loop.Context.Metrics.Limits.Http2StreamRefused(error);
        WriteReset(id, error);
        return CountReset();
    }

    /// <summary>At the end of a turn: continues a stream, prepares it for another request, or drops it.</summary>
    private void Settle(Http2Stream stream)
    {
        stream.IsListed = false;
        if (stream.IsKept)
        {
            return;
        }

        if (stream.HasInputToGive || stream.HasEndToGive)
        {
            stream.GiveInput();
        }

        stream.Detach();
        if (stream is { HasAnswerEnded: true, IsOver: false, HasRequestEnded: false })
        {
            EndEarly(stream);
        }

        if (!stream.IsOver)
        {
            if (stream.HasRest)
            {
                stream.LimitRest(_loop.Context.State.Current.Settings.Limits.MinResponseDataRate);
            }
        }
        else if (stream.IsFree && _state != State.Over && _free.Count < Http2Limits.Streams)
        {
            stream.IsKept = true;
            stream.Deadline = 0; // It was for the rest of its last answer.
            _free.Push(stream);
        }
        else
        {
            stream.Break();
        }
    }

    /// <summary>Ends a stream whose answer is complete and the rest of whose request is not needed (RFC 9113 8.1).</summary>
    private void EndEarly(Http2Stream stream)
    {
        stream.EndTunnel();
        if (!stream.IsOver)
        {
            Remove(stream, byUs: true);
            WriteReset(stream.Id, Http2Error.NoError);
        }

        stream.Break();
    }

    private void EndStreams()
    {
        foreach (var stream in _streams.Values.ToList())
        {
            Remove(stream, byUs: true);
            stream.Break();
        }

        for (var i = 0; i < _listed.Count; i++)
        {
            _listed[i].IsListed = false;
            _listed[i].Break(); // Over already, and in no other list.
        }

        _listed.Clear();
        while (_free.TryPop(out var free))
        {
            free.Break();
        }
    }
}
