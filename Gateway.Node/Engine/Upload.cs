using Gateway.Core.Retrying;
using Gateway.Http;
using Gateway.Wire;

namespace Gateway.Node.Engine;

/// <summary>
/// The body of a request: framed by the client, passed on as it arrives, and kept up to a limit, so that another attempt can send it from the start. What
/// arrives without a connection to send it on is kept too, beyond the limit. A struct of its exchange, which clears it.
/// </summary>
internal struct Upload
{
    private BodyReader _framing;
    private TrailerSection _trailers;
    private ByteChain _kept;
    private int _sent;
    private int _maxBuffered;
    private bool _lost;
    private bool _received;

    /// <summary>The bytes of the body from the client, without framing.</summary>
    public readonly long Bytes => _framing.Payload;

    /// <summary>Whether all of it has arrived.</summary>
    public readonly bool IsReceived => _framing.IsDone;

    /// <summary>Whether all of it has arrived and been passed to the connection.</summary>
    public readonly bool IsSent => _framing.IsDone && Unsent == 0;

    /// <summary>The bytes received and not passed to a connection.</summary>
    public readonly int Unsent => _kept.Length - _sent;

    /// <summary>The part still to come from the client.</summary>
    public readonly BodyReader Rest => _framing;

    public readonly HttpFault Fault => _framing.Fault;

    public readonly BodyState State => _lost ? BodyState.Lost : _received ? BodyState.Kept : BodyState.Unread;

    /// <param name="maxBuffered">The bytes kept for another attempt; 0: nothing sent is kept.</param>
    public void Begin(RequestHead request, ReadOnlySpan<byte> head, int maxBuffered)
    {
        (_framing, _maxBuffered) = (request.Body, maxBuffered);
        _trailers.Begin(request.Fields, head);
        (_sent, _lost, _received) = (0, false, false);
    }

    /// <summary>Takes the bytes that belong to the body; returns their number. The caller sends or keeps them.</summary>
    /// <param name="forward">The number of those passed on unchanged.</param>
    /// <param name="hasTrailers">Whether a complete trailer section follows them: see <see cref="WriteTrailers"/>.</param>
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

    /// <summary>Writes the trailers to pass on, and the empty line after them; returns the number of bytes.</summary>
    public readonly int WriteTrailers(Span<byte> room) => _trailers.Write(room, passes: true);

    /// <summary>Keeps bytes until there is a connection to send them on.</summary>
    public void Hold(BlockPool pool, ReadOnlySpan<byte> taken) => _kept.Append(pool, taken);

    /// <summary>Called when bytes have been passed to a connection.</summary>
    public void Passed(BlockPool pool, ReadOnlySpan<byte> taken)
    {
        if (_lost || taken.IsEmpty)
        {
            return;
        }

        if (_kept.Length + taken.Length > _maxBuffered)
        {
            (_lost, _sent) = (true, 0);
            _kept.Clear(pool);
            return;
        }

        _kept.Append(pool, taken);
        _sent += taken.Length;
    }

    /// <summary>Sends the kept bytes that have not been sent.</summary>
    /// <returns>Whether the connection took everything at once.</returns>
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
        if (_kept.Length > _maxBuffered)
        {
            (_lost, _sent) = (true, 0);
            _kept.Clear(pool);
        }

        return clear;
    }

    /// <summary>Lets the next attempt send from the start. Not to be called when the body is lost.</summary>
    public void Rewind() => _sent = 0;

    public void Clear(BlockPool pool)
    {
        _kept.Clear(pool);
        _trailers.Clear(pool);
        _sent = 0;
    }
}
