using System.Buffers;
using System.Text;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Gateway.Node.Ingress;

/// <summary>
/// Writes the head of one of Kestrel's requests as HTTP/1.1. Target and fields are those of the client, byte for byte. An octet that would end a line or a name
/// early is written as NUL, which the engine's parser refuses: nothing sent by a client can become a line of its own.
/// </summary>
internal sealed class RequestText
{
    /// <summary>The field in which Kestrel puts the length of a request that also has a transfer coding.</summary>
    private const string LengthBesideCoding = "X-Content-Length";

    private static readonly SearchValues<byte> LineEnds = SearchValues.Create(0, (byte)'\r', (byte)'\n');
    private static readonly SearchValues<byte> WordEnds = SearchValues.Create(0, (byte)'\r', (byte)'\n', (byte)' ', (byte)'\t');
    private static readonly SearchValues<byte> NameEnds = SearchValues.Create(0, (byte)'\r', (byte)'\n', (byte)' ', (byte)'\t', (byte)':');

    private byte[] _bytes = new byte[1024];
    private int _length;

    /// <summary>The head written last.</summary>
    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, _length);

    /// <summary>Whether the body is sent in chunks.</summary>
    public bool IsChunked { get; private set; }

    /// <param name="hasBody">Whether a body follows, of any length.</param>
    public void Write(HttpRequest request, bool hasBody)
    {
        var target = request.HttpContext.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var host = request.Headers.Host;
        var hasCoding = request.Headers.TransferEncoding.Count > 0;
        var isHttp10 = HttpProtocol.IsHttp10(request.Protocol);
        IsChunked = hasBody && !isHttp10 && (hasCoding || request.ContentLength is null || HasTrailers(request));
        _length = 0;
        if (HttpProtocol.IsHttp2(request.Protocol) && HasConnectionField(request.Headers))
        {
            Put("\0"u8); // Malformed in HTTP/2 (RFC 9113 8.2.2), but Kestrel lets them pass.
        }

        Put(request.Method, WordEnds);
        Put(" "u8);
        Put(target.Length > 0 ? target : host.ToString(), WordEnds);
        Put(isHttp10 ? " HTTP/1.0\r\n"u8 : " HTTP/1.1\r\n"u8);
        if (host.Count == 0 && HttpProtocol.IsHttp2(request.Protocol))
        {
            Put("Host: \r\n"u8); // Optional in HTTP/2, required in HTTP/1.1.
        }

        foreach (var (name, values) in request.Headers)
        {
            if (IsChunked && !hasCoding && name.Equals(HeaderNames.ContentLength, StringComparison.OrdinalIgnoreCase))
            {
                continue; // Kestrel enforces it.
            }

            PutAll(hasCoding && name == LengthBesideCoding ? "Content-Length" : name, values);
        }

        Put(IsChunked && !hasCoding ? "Transfer-Encoding: chunked\r\n\r\n"u8 : "\r\n"u8);
    }

    /// <summary>Writes the head of a WebSocket's opening handshake (RFC 8441 5) in HTTP/1.1 form (RFC 6455 4.1).</summary>
    /// <param name="key">Made by the gateway: HTTP/2 has none.</param>
    public void WriteUpgrade(HttpRequest request, string key)
    {
        (_length, IsChunked) = (0, false);
        Put(HasConnectionField(request.Headers) ? "\0"u8 : "GET "u8);
        Put(request.HttpContext.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget, WordEnds);
        Put(" HTTP/1.1\r\n"u8);
        foreach (var (name, values) in request.Headers)
        {
            if (name.Equals(HeaderNames.ContentLength, StringComparison.OrdinalIgnoreCase) || name.Equals(HeaderNames.SecWebSocketKey, StringComparison.OrdinalIgnoreCase))
            {
                continue; // A tunnel follows, of any length.
            }

            PutAll(name, values);
        }

        PutAll(HeaderNames.SecWebSocketKey, key);
        Put("Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n"u8);
    }

    /// <summary>Writes the trailers of a chunked body, including the empty line.</summary>
    public void WriteTrailers(IHeaderDictionary trailers)
    {
        _length = 0;
        foreach (var (name, values) in trailers)
        {
            PutAll(name, values);
        }

        Put("\r\n"u8);
    }

    /// <summary>Whether there may be trailers; only HTTP/2 has them with a length.</summary>
    private static bool HasTrailers(HttpRequest request) => HttpProtocol.IsHttp2(request.Protocol) && request.Headers.ContainsKey(HeaderNames.Trailer);

    private static bool HasConnectionField(IHeaderDictionary headers) =>
        headers.TransferEncoding.Count > 0 || headers.Upgrade.Count > 0 || headers.KeepAlive.Count > 0 || headers.ProxyConnection.Count > 0 || headers.Connection.Count > 0;

    private void PutAll(string name, StringValues values)
    {
        foreach (var value in values)
        {
            Put(name, NameEnds);
            Put(": "u8);
            Put(value ?? "", LineEnds);
            Put("\r\n"u8);
        }
    }

    private void Put(string text, SearchValues<byte> refused)
    {
        Reserve(text.Length);
        var written = _bytes.AsSpan(_length, Encoding.Latin1.GetBytes(text, _bytes.AsSpan(_length)));
        _length += written.Length;
        for (var at = written.IndexOfAny(refused); at >= 0; at = written.IndexOfAny(refused))
        {
            written[at] = 0;
            written = written[(at + 1)..];
        }
    }

    private void Put(ReadOnlySpan<byte> bytes)
    {
        Reserve(bytes.Length);
        bytes.CopyTo(_bytes.AsSpan(_length));
        _length += bytes.Length;
    }

    private void Reserve(int bytes)
    {
        if (_length + bytes > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(2 * _bytes.Length, _length + bytes));
        }
    }
}
