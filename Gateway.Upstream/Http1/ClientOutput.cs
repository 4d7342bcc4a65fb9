using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Gateway.Upstream.Http1;

/// <summary>The client's side of an answer's body: writes it, frames it where the server cannot, and knows what has gone.</summary>
internal sealed class ClientOutput(Http1Connection connection)
{
    private HttpContext _context = null!;
    private bool _ownFraming;

    /// <summary>Bytes of the body written so far.</summary>
    public long BodyBytes { get; private set; }

    /// <summary>Whether anything of the body was written, from where it cannot be taken back.</summary>
    public bool HasWritten { get; private set; }

    /// <summary>Whether the client may have seen something of the answer.</summary>
    public bool HasBegun => HasWritten || _context.Response.HasStarted;

    /// <summary>The client's output is closed.</summary>
    public bool ClientGone { get; private set; }

    private PipeWriter Writer => _context.Response.BodyWriter;

    /// <summary>From here on it is about this request's answer.</summary>
    public void Begin(HttpContext context)
    {
        _context = context;
        (_ownFraming, BodyBytes, HasWritten, ClientGone) = (false, 0, false, false);
    }

    /// <summary>Lets go of the request.</summary>
    public void End() => _context = null!;

    /// <summary>
    /// The body comes in chunks and announces trailers. The server frames a body itself and cannot end it with trailers over HTTP/1.1, so it
    /// is framed here.
    /// </summary>
    public void ExpectTrailers()
    {
        if (_context.Request.Protocol == HttpProtocol.Http11)
        {
            _ownFraming = true;
            _context.Response.Headers.TransferEncoding = "chunked";
        }
    }

    /// <summary>Writes the head. Once it is written, the server's output takes the body in place instead of keeping it until then.</summary>
    public Task StartAsync() => _context.Response.StartAsync();

    /// <summary>Where the next bytes go, at least so many.</summary>
    public Memory<byte> GetMemory(int size) => Writer.GetMemory(size);

    /// <summary>Takes in what has been written to <see cref="GetMemory"/>.</summary>
    public void Advance(int bytes)
    {
        Writer.Advance(bytes);
        BodyBytes += bytes;
        HasWritten = true;
    }

    public void Put(ReadOnlySpan<byte> payload)
    {
        if (!payload.IsEmpty)
        {
            Write(payload);
            BodyBytes += payload.Length;
            HasWritten = true;
        }
    }

    /// <summary>The same of a chunk's payload.</summary>
    public void PutChunk(ReadOnlySpan<byte> payload)
    {
        if (!_ownFraming)
        {
            Put(payload);
            return;
        }

        Span<byte> size = stackalloc byte[16];
        payload.Length.TryFormat(size, out var digits, "x", CultureInfo.InvariantCulture);
        Write(size[..digits]);
        Write("\r\n"u8);
        Put(payload);
        Write("\r\n"u8);
    }

    /// <summary>The chunks are over: passes the trailers on where the client can take them.</summary>
    /// <param name="section">What the trailers were read from.</param>
    public void EndChunks(FieldList trailers, ReadOnlySpan<byte> section)
    {
        if (_ownFraming)
        {
            Write("0\r\n"u8);
            HeadRelay.WriteFields(Writer, trailers, section);
            Write("\r\n"u8);
            return;
        }

        foreach (ref readonly var field in trailers.All)
        {
            if (field.EndToEnd && _context.Response.SupportsTrailers())
            {
                _context.Response.AppendTrailer(
                    Encoding.Latin1.GetString(field.Name(section)), new StringValues(Encoding.Latin1.GetString(field.Value(section))));
            }
        }
    }

    /// <summary>
    /// Sends what there is, the head too. Waits for the client for as long as the server lets it be slow; the endpoint is not to blame
    /// meanwhile. False: the client is gone.
    /// </summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<bool> FlushAsync()
    {
        var flushing = Writer.FlushAsync();
        if (!flushing.IsCompleted)
        {
            connection.ClearDeadline();
        }

        var result = await flushing;
        ClientGone = result.IsCompleted || result.IsCanceled;
        return !ClientGone;
    }

    /// <summary>The body is over. The server itself sends at the end only what it has not begun to send.</summary>
    public ValueTask<bool> EndAsync() => _context.Response.HasStarted ? FlushAsync() : new(true);

    private void Write(ReadOnlySpan<byte> bytes) => BuffersExtensions.Write(Writer, bytes);
}
