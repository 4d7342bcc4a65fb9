using Gateway.Http;
using Gateway.Http.Http2;

namespace Gateway.Node.Engine.Http2;

/// <summary>The streams: which are open, which wait, how they end, and which serve again.</summary>
internal sealed partial class Http2Connection
{
    private readonly ClosedStreams _closedStreams = new();

    /// <summary>Puts a stream among those that are looked at when the turn ends.</summary>
    public void List(Http2Stream stream)
    {
        if (!stream.IsListed)
        {
            stream.IsListed = true;
            _listed.Add(stream);
            ListSelf();
        }
    }

    /// <summary>The engine ends a stream before its answer is whole.</summary>
    public void Reset(Http2Stream stream, Http2Error error)
    {
        Remove(stream, byUs: true);
        WriteReset(stream.Id, error);
    }

    /// <summary>The answer is whole, and so is the stream where the request is.</summary>
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

    /// <summary>Whether a number has not been used yet, or is none of a client's.</summary>
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
            _closedStreams.Add(stream.Id, byUs);
            if (_streams.Count == 0)
            {
                _idleBy = _loop.Wire.Now + Http2Limits.KeepAlive;
                SetDeadline();
                ListSelf();
            }
        }
    }

    /// <summary>Ends a stream for what the client has done wrong with it.</summary>
    private Http2Error BreakStream(Http2Stream stream, Http2Error error, HttpFault fault = HttpFault.None)
    {
        if (fault != HttpFault.None)
        {
            stream.Client.CountMalformed(fault);
        }

        if (!stream.IsOver)
        {
            Remove(stream, byUs: true);
            WriteReset(stream.Id, error);
        }

        stream.Break();
        List(stream);
        return CountReset();
    }

    private Http2Error BreakStream(int id, Http2Error error)
    {
        if (_streams.TryGetValue(id, out var stream))
        {
            return BreakStream(stream, error);
        }

        if (IsIdle(id))
        {
            return error; // What is not open cannot be reset.
        }

        WriteReset(id, error);
        return CountReset();
    }

    private Http2Error RefuseStream(int id, Http2Error error)
    {
        _closedStreams.Add(id, byUs: true);
        WriteReset(id, error);
        return Http2Error.NoError;
    }

    /// <summary>At the end of a turn: goes on with a stream, or makes it ready for another request, or drops it.</summary>
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

        if (stream.IsRefused || (stream.HasAnswerEnded && !stream.IsOver && !stream.HasRequestEnded))
        {
            EndEarly(stream);
        }

        if (!stream.IsOver)
        {
            if (stream.IsAnswered && stream.Backlog > 0)
            {
                stream.LimitRest(_loop.Context.State.Current.Settings.Limits.MinResponseDataRate);
            }
        }
        else if (stream.IsFree && _state != State.Over && _free.Count < Http2Limits.Streams)
        {
            stream.IsKept = true;
            stream.Deadline = 0; // Of the rest of its last answer.
            _free.Push(stream);
        }
        else
        {
            stream.Break();
        }
    }

    /// <summary>The answer is whole and nobody wants the rest of the request (RFC 9113 8.1).</summary>
    private void EndEarly(Http2Stream stream)
    {
        stream.EndTunnel();
        if (!stream.IsOver)
        {
            Remove(stream, byUs: true);
            WriteReset(stream.Id, stream.HasAnswerEnded ? Http2Error.NoError : Http2Error.InternalError);
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

        while (_free.TryPop(out var free))
        {
            free.Break();
        }
    }
}
