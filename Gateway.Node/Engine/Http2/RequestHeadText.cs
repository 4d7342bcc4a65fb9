using System.Buffers;
using System.Text;
using Gateway.Http;
using Gateway.Http.Http2;

namespace Gateway.Node.Engine.Http2;

/// <summary>
/// Writes the head of an HTTP/2 request as HTTP/1.1. Checks the rules of HTTP/2 alone (RFC 9113 8.2 and 8.3); an octet that would end a line or a name early is
/// written as NUL, which the engine's parser refuses: nothing sent by a client can become a line of its own. One per loop, reused for every head.
/// </summary>
internal sealed class RequestHeadText
{
    /// <summary>The bytes added to the fields of the block.</summary>
    private const int Added = 256;

    private static readonly SearchValues<byte> LineEnds = SearchValues.Create(0, (byte)'\r', (byte)'\n');
    private static readonly SearchValues<byte> WordEnds = SearchValues.Create(0, (byte)'\r', (byte)'\n', (byte)' ', (byte)'\t');
    private static readonly SearchValues<byte> NameEnds = SearchValues.Create(0, (byte)'\r', (byte)'\n', (byte)' ', (byte)'\t', (byte)':');
    private static readonly SearchValues<byte> Capitals = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZ"u8);

    private byte[] _bytes = new byte[4096];
    private int _length;

    /// <summary>The head written last.</summary>
    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, _length);

    /// <summary>Whether the body is sent in chunks.</summary>
    public bool IsChunked { get; private set; }

    /// <summary>The announced length of the body; -1: none.</summary>
    public long ContentLength { get; private set; }

    /// <summary>Whether it is a HEAD.</summary>
    public bool IsHead { get; private set; }

    /// <summary>Whether it is an extended CONNECT (RFC 8441).</summary>
    public bool IsExtendedConnect { get; private set; }

    public bool IsWebSocket { get; private set; }

    /// <summary>The Sec-WebSocket-Accept that a WebSocket's backend must answer; null: not a WebSocket. HTTP/2 has no key: the gateway makes one.</summary>
    public string? Accept { get; private set; }

    /// <summary>Writes a request's head.</summary>
    /// <param name="hasBody">Whether a body follows, of any length.</param>
    /// <param name="scheme">The required <c>:scheme</c>.</param>
    /// <returns>The fault of a malformed request.</returns>
    public HttpFault Write(HeaderBlock block, bool hasBody, string scheme)
    {
        Reserve(block);
        var pseudo = new PseudoFields();
        var fault = pseudo.Take(block, scheme, out var first);
        if (fault != HttpFault.None)
        {
            return fault;
        }

        var text = block.Text;
        Accept = null;
        IsHead = pseudo.Method.ValueIn(text).SequenceEqual("HEAD"u8);
        (IsExtendedConnect, IsWebSocket) = (pseudo.HasProtocol, pseudo.Protocol.ValueIn(text).SequenceEqual("websocket"u8));
        fault = Scan(block, first, out var host, out var hasTrailer);
        if (fault != HttpFault.None || (!hasBody && ContentLength > 0))
        {
            return fault != HttpFault.None ? fault : HttpFault.BadContentLength;
        }

        if (host >= 0 && pseudo.HasAuthority && !Ascii.EqualsIgnoreCase(block.Fields[host].ValueIn(text), pseudo.Authority.ValueIn(text)))
        {
            return HttpFault.BadHost; // A hop before may have routed by one, and we would by the other (RFC 9113 8.3.1).
        }

        IsChunked = hasBody && !IsExtendedConnect && (ContentLength < 0 || hasTrailer);
        Put(IsExtendedConnect ? "GET"u8 : pseudo.Method.ValueIn(text), WordEnds);
        Put(" "u8);
        Put(pseudo.HasPath ? pseudo.Path.ValueIn(text) : pseudo.Authority.ValueIn(text), WordEnds);
        Put(" HTTP/1.1\r\nHost: "u8);
        Put(pseudo.HasAuthority ? pseudo.Authority.ValueIn(text) : host < 0 ? [] : block.Fields[host].ValueIn(block.Text), LineEnds);
        Put("\r\n"u8);
        PutFields(block, first);
        if (IsExtendedConnect)
        {
            var key = WebSocketHandshake.NewKey();
            Accept = WebSocketHandshake.AcceptOf(key);
            Put("sec-websocket-key: "u8);
            _length += Encoding.ASCII.GetBytes(key, _bytes.AsSpan(_length));
            Put("\r\nconnection: Upgrade\r\nupgrade: websocket\r\n\r\n"u8);
        }
        else
        {
            Put(IsChunked ? "transfer-encoding: chunked\r\n\r\n"u8 : "\r\n"u8);
        }

        return HttpFault.None;
    }

    /// <summary>Writes the end of a chunked body: the last chunk, the trailers and the empty line.</summary>
    public HttpFault WriteEnd(HeaderBlock? trailers)
    {
        _length = 0;
        Put("0\r\n"u8);
        if (trailers is not null)
        {
            Reserve(trailers);
            Put("0\r\n"u8);
            for (var i = 0; i < trailers.Fields.Length; i++)
            {
                var name = trailers.Fields[i].NameIn(trailers.Text);
                var fault = Judge(name, FieldNames.Of(name), trailers.Fields[i].ValueIn(trailers.Text));
                if (fault != HttpFault.None)
                {
                    return HttpFault.BadTrailer;
                }

                PutField(name, trailers.Fields[i].ValueIn(trailers.Text));
            }
        }

        Put("\r\n"u8);
        return HttpFault.None;
    }

    /// <summary>Checks the fields for framing, and for those that HTTP/2 forbids.</summary>
    private HttpFault Scan(HeaderBlock block, int first, out int host, out bool hasTrailer)
    {
        (ContentLength, host, hasTrailer) = (-1, -1, false);
        for (var i = first; i < block.Fields.Length; i++)
        {
            var name = block.Fields[i].NameIn(block.Text);
            var value = block.Fields[i].ValueIn(block.Text);
            var known = FieldNames.Of(name);
            var fault = Judge(name, known, value);
            if (fault != HttpFault.None)
            {
                return fault;
            }

            switch (known)
            {
                case FieldName.ContentLength:
                    fault = TakeLength(value);
                    break;
                case FieldName.Host:
                    fault = host >= 0 ? HttpFault.BadHost : fault;
                    host = i;
                    break;
                case FieldName.Trailer:
                    hasTrailer = true;
                    break;
                default:
                    break;
            }

            if (fault != HttpFault.None)
            {
                return fault;
            }
        }

        return HttpFault.None;
    }

    /// <summary>Checks RFC 9113 8.2.1 and 8.2.2, except for what the engine's parser checks.</summary>
    private static HttpFault Judge(ReadOnlySpan<byte> name, FieldName known, ReadOnlySpan<byte> value) => known switch
    {
        _ when name is [] or [(byte)':', ..] || name.ContainsAny(Capitals) => HttpFault.BadFieldName,
        FieldName.Connection or FieldName.KeepAlive or FieldName.ProxyConnection or FieldName.TransferEncoding or FieldName.Upgrade => HttpFault.BadFieldName,
        FieldName.Te when !Ascii.EqualsIgnoreCase(value, "trailers"u8) => HttpFault.BadFieldName,
        _ => HttpFault.None,
    };

    private HttpFault TakeLength(ReadOnlySpan<byte> value)
    {
        if (ContentLength >= 0 || value.IsEmpty || value.Length > 18 || value.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
        {
            return HttpFault.BadContentLength;
        }

        ContentLength = 0;
        foreach (var digit in value)
        {
            ContentLength = (10 * ContentLength) + (digit - '0');
        }

        return HttpFault.None;
    }

    private void PutFields(HeaderBlock block, int first)
    {
        var cookies = 0;
        for (var i = first; i < block.Fields.Length; i++)
        {
            var name = block.Fields[i].NameIn(block.Text);
            if (name.SequenceEqual("cookie"u8))
            {
                cookies++;
                continue;
            }

            var isDropped = FieldNames.Of(name) switch
            {
                FieldName.Host => true,
                FieldName.ContentLength => IsChunked || IsExtendedConnect, // The length is checked on reading; a tunnel has none.
                _ => IsExtendedConnect && name.SequenceEqual("sec-websocket-key"u8),
            };
            if (!isDropped)
            {
                PutField(name, block.Fields[i].ValueIn(block.Text));
            }
        }

        if (cookies > 0)
        {
            PutCookies(block, first);
        }
    }

    /// <summary>Joins cookies that were split for better compression (RFC 9113 8.2.3).</summary>
    private void PutCookies(HeaderBlock block, int first)
    {
        var separator = "cookie: "u8;
        for (var i = first; i < block.Fields.Length; i++)
        {
            if (block.Fields[i].NameIn(block.Text).SequenceEqual("cookie"u8))
            {
                Put(separator);
                Put(block.Fields[i].ValueIn(block.Text), LineEnds);
                separator = "; "u8;
            }
        }

        Put("\r\n"u8);
    }

    private void PutField(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        Put(name, NameEnds);
        Put(": "u8);
        var isPadded = value is [(byte)' ' or (byte)'\t', ..] or [.., (byte)' ' or (byte)'\t']; // It would be lost on the way: malformed (RFC 9113 8.2.1).
        Put(isPadded ? "\0"u8 : []);
        Put(value, LineEnds);
        Put("\r\n"u8);
    }

    private void Put(ReadOnlySpan<byte> text, SearchValues<byte> refused)
    {
        var written = _bytes.AsSpan(_length, text.Length);
        text.CopyTo(written);
        _length += text.Length;
        for (var at = written.IndexOfAny(refused); at >= 0; at = written.IndexOfAny(refused))
        {
            written[at] = 0;
            written = written[(at + 1)..];
        }
    }

    private void Put(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_bytes.AsSpan(_length));
        _length += bytes.Length;
    }

    private void Reserve(HeaderBlock block)
    {
        _length = 0;
        var max = block.Text.Length + (5 * block.Fields.Length) + Added;
        if (max > _bytes.Length)
        {
            _bytes = new byte[2 * max];
        }
    }
}
