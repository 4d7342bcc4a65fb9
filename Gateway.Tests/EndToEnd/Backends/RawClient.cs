using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace Gateway.Tests.EndToEnd.Backends;

/// <summary>
/// A client over TCP, or over TLS, that sends exact bytes and reads the exact answer. Every wait ends within <see cref="RawBackend.WaitTimeout"/> with a
/// <see cref="TimeoutException"/> that shows the bytes received.
/// </summary>
public sealed class RawClient : IAsyncDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private Stream _stream = Stream.Null;
    private RawReader _reader = new(Stream.Null);

    private RawClient()
    {
    }

    /// <summary>Its own end of the connection.</summary>
    public IPEndPoint LocalEndPoint => (IPEndPoint)_socket.LocalEndPoint!;

    /// <summary>The state of the other side at the last read.</summary>
    public RawEnd End => _reader.End;

    public static Task<RawClient> ConnectAsync(Uri address, bool isTls = false) =>
        ConnectAsync(new IPEndPoint(IPAddress.Parse(address.Host), address.Port), isTls);

    /// <param name="isTls">Whether to use TLS; any certificate is accepted.</param>
    /// <param name="greeting">Sent before TLS and everything else, one byte per char (Latin-1).</param>
    public static async Task<RawClient> ConnectAsync(IPEndPoint address, bool isTls = false, string greeting = "")
    {
        var client = new RawClient();
        try
        {
            await client.WithinAsync(async cancellation =>
            {
                await client._socket.ConnectAsync(address, cancellation);
                client._stream = new NetworkStream(client._socket);
                await client._stream.WriteAsync(Encoding.Latin1.GetBytes(greeting), cancellation);
                if (isTls)
                {
                    var tls = new SslStream(client._stream, leaveInnerStreamOpen: false, (_, certificate, _, _) => certificate is not null);
                    client._stream = tls;
                    await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "gateway.example" }, cancellation);
                }

                client._reader = new(client._stream);
                return true;
            });
            return client;
        }
        catch
        {
            await client.DisposeAsync();
            throw;
        }
    }

    /// <summary>Sends one request on its own connection.</summary>
    public static async Task<RawAnswer> AskAsync(Uri address, string request, bool isTls = false)
    {
        await using var client = await ConnectAsync(address, isTls);
        await client.SendAsync(request);
        return await client.ReadAnswerAsync(request.Split(' ')[0]);
    }

    /// <summary>Sends exactly these bytes, one per char (Latin-1).</summary>
    public Task SendAsync(string text) => SendAsync(Encoding.Latin1.GetBytes(text));

    public Task SendAsync(ReadOnlyMemory<byte> bytes) => WithinAsync(async cancellation =>
    {
        await _stream.WriteAsync(bytes, cancellation);
        return true;
    });

    /// <summary>Reads the next final answer. Throws <see cref="EndOfStreamException"/> when none comes.</summary>
    /// <param name="method">The request's method: an answer to HEAD has no body.</param>
    public Task<RawAnswer> ReadAnswerAsync(string method = "GET") => WithinAsync(async cancellation =>
    {
        List<RawHead> interim = [];
        while (true)
        {
            var head = await _reader.ReadHeadAsync(cancellation)
                ?? throw new EndOfStreamException($"{_reader.End} before a whole head; received: {Encoding.Latin1.GetString(_reader.Take())}");
            var status = int.Parse(head.StartLine.Split(' ')[1], CultureInfo.InvariantCulture);
            if (status is >= 100 and < 200 and not 101)
            {
                interim.Add(head);
                continue;
            }

            var body = method == "HEAD" || status is 101 or 204 or 304
                ? RawBody.None
                : await _reader.ReadBodyAsync(head, untilClose: true, null, cancellation);
            return new RawAnswer(head, body, interim, _reader.Take());
        }
    });

    /// <summary>Reads the head of the next answer, interim or final, and leaves its body.</summary>
    public Task<RawHead> ReadHeadAsync() => WithinAsync(async cancellation =>
        await _reader.ReadHeadAsync(cancellation) ?? throw new EndOfStreamException($"{_reader.End} before a whole head"));

    /// <summary>Reads that many bytes; fewer if the other side ends before.</summary>
    public Task<byte[]> ReadBytesAsync(int count) => WithinAsync(async cancellation =>
    {
        _reader.Take();
        await _reader.ReadBytesAsync(count, null, cancellation);
        return _reader.Take();
    });

    /// <summary>Reads everything until the other side ends; <see cref="End"/> then says how.</summary>
    public Task<byte[]> ReadToEndAsync() => ReadBytesAsync(int.MaxValue);

    /// <summary>The number of data segments sent by the other side: data sent in one write arrives as one (Linux, tcp_info.tcpi_data_segs_in).</summary>
    public int DataSegments()
    {
        const int Tcp = 6, TcpInfo = 11, DataSegmentsIn = 152;
        Span<byte> info = stackalloc byte[DataSegmentsIn + sizeof(int)];
        _socket.GetRawSocketOption(Tcp, TcpInfo, info);
        return BitConverter.ToInt32(info[DataSegmentsIn..]);
    }

    /// <summary>Ends the client's side.</summary>
    public async Task ShutdownSendAsync()
    {
        if (_stream is SslStream tls)
        {
            await tls.ShutdownAsync();
        }

        _socket.Shutdown(SocketShutdown.Send);
    }

    /// <summary>Closes with a reset.</summary>
    public void Reset() => _socket.Close(timeout: 0);

    public ValueTask DisposeAsync()
    {
        _socket.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<T> WithinAsync<T>(Func<CancellationToken, Task<T>> act)
    {
        using var limit = new CancellationTokenSource(RawBackend.WaitTimeout);
        try
        {
            return await act(limit.Token);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            throw new TimeoutException($"not within {RawBackend.WaitTimeout}; received: {Encoding.Latin1.GetString(_reader.Take())}");
        }
    }
}
