using Gateway.Core.Retrying;
using Gateway.Http;
using Gateway.Wire;

namespace Gateway.Node.Engine;

/// <summary>
/// The body of a request on its way: framed by the client, passed on as it comes, and kept as far as the limit goes, so that another attempt can send it
/// from the start. What comes while there is no connection to send it on is kept too, whatever the limit. A struct of its exchange, which clears it.
/// </summary>
internal struct Upload
{
    private BodyReader _framing;
    private TrailerSection _trailers;
    private ByteChain _kept;
    private int _sent;
    private int _mostKept;
    private bool _lost;
    private bool _received;

    /// <summary>Bytes of the body from the client, without framing.</summary>
    public readonly long Bytes => _framing.Payload;

    /// <summary>Whether all of it has come.</summary>
    public readonly bool IsReceived => _framing.IsDone;

    /// <summary>Whether all of it has come and been given to the connection.</summary>
    public readonly bool IsSent => _framing.IsDone && Unsent == 0;

    /// <summary>Bytes that have come and not been given to a connection.</summary>
    public readonly int Unsent => _kept.Length - _sent;

    /// <summary>What is still to come of it from the client.</summary>
    public readonly BodyReader Rest => _framing;

    public readonly HttpFault Fault => _framing.Fault;

    public readonly BodyState State => _lost ? BodyState.Lost : _received ? BodyState.Kept : BodyState.Unread;

    /// <param name="mostKept">Bytes kept for another attempt; 0 keeps nothing that has been sent.</param>
    public void Begin(RequestHead request, ReadOnlySpan<byte> head, int mostKept)
    {
        (_framing, _mostKept) = (request.Body, mostKept);
        _trailers.Begin(request.Fields, head);
        (_sent, _lost, _received) = (0, false, false);
    }

    /// <summary>Takes the bytes that belong to the body; answers how many. Those that go on are yet to be sent or kept.</summary>
    /// <param name="forward">How many of them go on as they are.</param>
    /// <param name="hasTrailers">Whether a section of trailers is complete, and goes on behind them: see <see cref="WriteTrailers"/>.</param>
    public int Take(BlockPool pool, ReadOnlySpan<byte> bytes, out int forward, out bool hasTrailers)
    {
        var taken = forward = _framing.Take(bytes);
        hasTrailers = false;
        if (_framing.IsAtTrailers)
        {
            taken += _trailers.Take(pool, ref _framing, bytes[taken..]);
            hasTrailers = _framing.IsDone;
        }

        _received |= taken > 0;
        return taken;
    }

    /// <summary>Writes the trailers that go on, and the empty line at their end; answers how many bytes that is.</summary>
    public readonly int WriteTrailers(Span<byte> room) => _trailers.Write(room, passes: true);

    /// <summary>Keeps what was taken until there is somebody to send it to.</summary>
    public void Hold(BlockPool pool, ReadOnlySpan<byte> taken) => _kept.Append(pool, taken);

    /// <summary>What was taken has been given to a connection.</summary>
    public void Passed(BlockPool pool, ReadOnlySpan<byte> taken)
    {
        if (_lost || taken.IsEmpty)
        {
            return;
        }

        if (_kept.Length + taken.Length > _mostKept)
        {
            (_lost, _sent) = (true, 0);
            _kept.Clear(pool);
            return;
        }

        _kept.Append(pool, taken);
        _sent += taken.Length;
    }

    /// <summary>Sends what is kept and not sent.</summary>
    /// <returns>Whether the connection took all at once.</returns>
    public bool SendHeld(BlockPool pool, Channel to)
    {
        var clear = true;
        var skip = _sent;
        for (var block = _kept.First; block is not null; block = block.Next)
        {
            if (skip >= block.Length)
            {
                skip -= block.Length;
                continue;
            }

            clear = to.Send(block.Used[skip..]);
            skip = 0;
        }

        _sent = _kept.Length;
        if (_kept.Length > _mostKept)
        {
            (_lost, _sent) = (true, 0);
            _kept.Clear(pool);
        }

        return clear;
    }

    /// <summary>The next attempt sends from the start. Not to be called when the body is lost.</summary>
    public void Rewind() => _sent = 0;

    public void Clear(BlockPool pool)
    {
        _kept.Clear(pool);
        _trailers.Clear(pool);
        _sent = 0;
    }
}
