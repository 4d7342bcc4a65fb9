using Gateway.Core.Outcomes;
using Gateway.Http;
using Gateway.Node.Routing;
using Gateway.Wire;

namespace Gateway.Node.Engine;

/// <summary>
/// Passes an answer to the client: head and body as they arrive, together if they arrive together. Body bytes pass unchanged; if client and backend frame
/// bodies differently, the framing is rewritten: chunks for a body that ends with the backend's connection, no chunks for an HTTP/1.0 client.
/// </summary>
internal sealed class Download(ProxyLoop loop, ClientConnection client)
{
    /// <summary>A body up to this size is copied behind its head: cheaper than two buffers in one call.</summary>
    private const int Small = 4 * 1024;

    /// <summary>The most interim answers passed on.</summary>
    private const int MaxInterim = 16;

    /// <summary>The backlog in bytes beyond which a client is sent no interim answers: it is not reading.</summary>
    private const int MaxInterimBacklog = 4096;

    private TrailerSection _trailers;
    private BodyReader _body;
    private Block? _held;
    private bool _chunks;
    private bool _dechunks;
    private bool _leftOver;
    private bool _persistent;
    private bool _passesTrailers;
    private int _interim;

    /// <summary>Whether the client accepts trailers that no head has announced.</summary>
    public bool AcceptsTrailers { get; set; }

    /// <summary>The gateway's name for Via.</summary>
    public string GatewayId { get; set; } = "";

    /// <summary>The route's changes to the fields; null: none.</summary>
    public FieldEdit? Fields { get; set; }

    /// <summary>The affinity cookie's line; null: none.</summary>
    public byte[]? Cookie { get; set; }

    /// <summary>The HSTS line; null: none.</summary>
    public byte[]? Hsts { get; set; }

    /// <summary>The status; 0 before an answer.</summary>
    public int Status { get; private set; }

    /// <summary>Whether any part of it has been sent.</summary>
    public bool HasBegun { get; private set; }

    /// <summary>Whether its head is held back until the first bytes of the body.</summary>
    public bool IsHeld => _held is not null;

    /// <summary>The bytes of the body, without framing.</summary>
    public long BodyBytes => _body.Payload;

    public HttpFault Fault => Status == StatusCodes.Status205ResetContent && _body.Payload > 0 ? HttpFault.BodyNotAllowed : _body.Fault;

    public bool IsDone { get; private set; }

    /// <summary>Whether the backend's connection may serve another exchange.</summary>
    public bool KeepsConnection => _persistent && !_leftOver && IsDone;

    /// <summary>The keep-alive time stated by the backend, in milliseconds; -1: not stated.</summary>
    public long KeptFor { get; private set; }

    public void Clear()
    {
        FreeHeld();
        (Status, HasBegun, IsDone, _body, _interim) = (0, false, false, default, 0);
    }

    /// <summary>Sends the head and the part of the body received so far.</summary>
    /// <returns>Whether the client's connection took everything at once.</returns>
    public bool Begin(ResponseHead head, ReadOnlySpan<byte> bytes, BodyReader body, ReadOnlySpan<byte> rest, AnswerFraming framing)
    {
        var isHttp11 = (framing & AnswerFraming.ToHttp10) == 0;
        (_body, Status, HasBegun) = (body, head.Status, true);
        _chunks = body.Kind == BodyKind.UntilClose && isHttp11;
        _dechunks = body.Kind == BodyKind.Chunked && !isHttp11;
        (_leftOver, _persistent) = (false, head.IsPersistent && body.Kind != BodyKind.UntilClose);
        _trailers.Begin(head.Fields, bytes);
        _passesTrailers = AcceptsTrailers || head.Fields.Has(FieldName.Trailer);
        KeptFor = BackendConnection.KeptFor(head, bytes);
        if ((body.Kind == BodyKind.UntilClose && !isHttp11) || _dechunks)
        {
            framing |= AnswerFraming.Closes;
        }

        if ((framing & AnswerFraming.Closes) != 0)
        {
            client.CloseAfterThis();
        }

        if (_chunks || (body.Kind == BodyKind.Chunked && isHttp11))
        {
            framing |= AnswerFraming.Chunked;
        }

        var length = AnswerWriter.Write(loop.Scratch, head, bytes, ShapeOf(framing));
        if ((framing & AnswerFraming.MayHoldHead) != 0 && rest.IsEmpty && !_body.IsDone)
        {
            _held = loop.Wire.Blocks.Append(null, loop.Scratch.AsSpan(0, length));
            HasBegun = false;
            return true;
        }

        if (_chunks || _dechunks)
        {
            var headSent = client.Channel.Send(loop.Scratch.AsSpan(0, length));
            return rest.IsEmpty ? headSent : Pass(rest);
        }

        var taken = _body.Take(rest);
        bool clear;
        if (taken <= Small)
        {
            rest[..taken].CopyTo(loop.Scratch.AsSpan(length));
            clear = client.Channel.Send(loop.Scratch.AsSpan(0, length + taken));
        }
        else
        {
            clear = client.Channel.Send(loop.Scratch.AsSpan(0, length), rest[..taken]);
        }

        return TakeEnd(rest[taken..]) && clear;
    }

    /// <summary>Frees everything held.</summary>
    public void End()
    {
        _trailers.Clear(loop.Wire.Blocks);
        FreeHeld();
    }

    /// <summary>Sends the held head.</summary>
    /// <returns>Whether the client's connection took everything at once.</returns>
    public bool Flush()
    {
        var clear = client.Channel.Send(_held!.Used);
        FreeHeld();
        HasBegun = true;
        return clear;
    }

    /// <summary>Drops a held head, because another attempt follows.</summary>
    public void FreeHeld()
    {
        if (_held is { } held)
        {
            _held = null;
            loop.Wire.Blocks.Return(held);
        }
    }

    /// <summary>Turns the connection into a tunnel.</summary>
    public void Switch(ResponseHead head, ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> rest)
    {
        (_body, Status, HasBegun) = (BodyReader.UntilClose(), head.Status, true);
        (_chunks, _dechunks, _persistent) = (false, false, false);
        client.CloseAfterThis();
        var length = AnswerWriter.Write(loop.Scratch, head, bytes, ShapeOf(AnswerFraming.None));
        client.Channel.Send(loop.Scratch.AsSpan(0, length), rest);
    }

    /// <summary>Sends more of the body.</summary>
    /// <returns>Whether the client's connection took everything at once.</returns>
    public bool Pass(ReadOnlySpan<byte> bytes)
    {
        if (_chunks || _dechunks)
        {
            return (!IsHeld || Flush()) & (_chunks ? PassAsChunk(bytes) : PassPayload(bytes));
        }

        var taken = _body.Take(bytes);
        var clear = _held is { } held ? client.Channel.Send(held.Used, bytes[..taken]) : client.Channel.Send(bytes[..taken]);
        FreeHeld();
        HasBegun = true;
        return TakeEnd(bytes[taken..]) && clear;
    }

    /// <summary>Takes the bytes behind the body: trailers, or data that does not belong to the answer.</summary>
    private bool TakeEnd(ReadOnlySpan<byte> rest)
    {
        var clear = true;
        if (_body.IsAtTrailers)
        {
            var taken = _trailers.Take(loop.Wire.Blocks, ref _body, rest);
            rest = rest[taken..];
            if (_body.IsDone)
            {
                clear = _dechunks || client.Channel.Send(loop.Scratch.AsSpan(0, _trailers.Write(loop.Scratch, _passesTrailers)));
            }
        }

        _leftOver |= !rest.IsEmpty;
        IsDone = _body.IsDone;
        return clear;
    }

    /// <summary>Called when the backend has closed its connection; returns whether that ends the answer.</summary>
    public bool EndsWithConnection()
    {
        if (_body.Kind != BodyKind.UntilClose)
        {
            return false;
        }

        if (IsHeld)
        {
            Flush();
        }

        if (_chunks)
        {
            client.Channel.Send("0\r\n\r\n"u8);
        }

        return IsDone = true;
    }

    /// <summary>
    /// Ends a partly sent answer by a gRPC status in its trailers. False if that is impossible: a chunk is incomplete, the length was announced, or the
    /// client does not accept trailers or has not taken the data before them. The client itself sees that the last message is incomplete.
    /// </summary>
    public bool TryEndWith(GrpcStatus status)
    {
        if (!HasBegun || _dechunks || client.Channel.IsClosed || client.Channel.Backlog > 0 || !_passesTrailers || !(_chunks || _body.IsBetweenChunks))
        {
            return false;
        }

        var to = new ByteWriter(loop.Scratch);
        to.Write("0\r\nGrpc-Status: "u8);
        to.Write((int)status);
        to.Write("\r\nGrpc-Message: "u8);
        to.Write(GrpcFields.Encode(Problem.MessageOf(status)));
        to.Write("\r\n\r\n"u8);
        client.Channel.Send(loop.Scratch.AsSpan(0, to.Length));
        return IsDone = true;
    }

    /// <summary>The gRPC status in its trailers; null: none.</summary>
    public GrpcStatus? CallStatus => GrpcStatuses.Of(GrpcFields.StatusOf(_trailers.ValueOf(FieldName.GrpcStatus)));

    public void EndTunnel() => IsDone = true;

    /// <summary>Passes an interim answer on, to a client that understands them and reads what it is sent.</summary>
    public void Interim(ResponseHead head, ReadOnlySpan<byte> bytes, bool isHttp11)
    {
        if (isHttp11 && client.Channel.Backlog <= MaxInterimBacklog && _interim++ < MaxInterim)
        {
            var length = AnswerWriter.WriteInterim(loop.Scratch, head, bytes);
            client.Channel.Send(loop.Scratch.AsSpan(0, length));
        }
    }

    private bool PassAsChunk(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            return true;
        }

        _ = _body.Take(bytes);
        var to = new ByteWriter(loop.Scratch);
        to.WriteHex(bytes.Length);
        to.Write("\r\n"u8);
        to.Write(bytes);
        to.Write("\r\n"u8);
        return client.Channel.Send(loop.Scratch.AsSpan(0, to.Length));
    }

    private bool PassPayload(ReadOnlySpan<byte> bytes)
    {
        var clear = true;
        while (!bytes.IsEmpty && !_body.IsAtTrailers && !_body.IsDone && _body.Fault == HttpFault.None)
        {
            var taken = _body.TakeChunk(bytes, out var payload);
            clear &= client.Channel.Send(payload);
            bytes = bytes[taken..];
        }

        return TakeEnd(bytes) && clear;
    }

    private AnswerShape ShapeOf(AnswerFraming framing) =>
        new(GatewayId, loop.DateLine, framing) { Id = client.EchoedId, Fields = Fields, Cookie = Cookie, Hsts = Hsts };
}
