using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Gateway.Rig.Churning;

/// <summary>A backend that handles each request as the request says, and checks what it receives.</summary>
internal sealed class ChurnBackend(int port, ChurnTally tally) : IDisposable
{
    private readonly Socket _listener = new(SocketType.Stream, ProtocolType.Tcp);

    public async Task RunAsync(CancellationToken end)
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, port));
        _listener.Listen(1024);
        while (!end.IsCancellationRequested)
        {
            try
            {
                _ = ServeAsync(await _listener.AcceptAsync(end), end);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    public void Dispose() => _listener.Dispose();

    private async Task ServeAsync(Socket socket, CancellationToken end)
    {
        using var owned = socket;
        socket.NoDelay = true;
        var reader = new ChurnReader(socket);
        try
        {
            while (await reader.ReadHeadAsync(end) is { } head)
            {
                if (head.First.Contains("/health", StringComparison.Ordinal))
                {
                    await socket.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"u8.ToArray(), end);
                    continue;
                }

                var request = ChurnRequest.Read(head);
                if (head.Value("X-Request") != request.Id.ToString(CultureInfo.InvariantCulture))
                {
                    tally.Wrong($"a request's field and its target differ: {head}");
                }

                var (body, isWhole) = await reader.ReadBodyAsync(head, untilClose: false, end);
                if (!isWhole)
                {
                    return; // Its client has left in the middle of it.
                }

                if (body.Length != request.Upload || !ChurnBody.Begins(~request.Id, body))
                {
                    tally.Wrong($"the body of {request} came to its backend as {body.Length} bytes, {(body.Length == request.Upload ? "not its own" : "not all")}");
                }

                if (!await AnswerAsync(socket, request, end))
                {
                    return;
                }
            }
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            tally.BackendConnectionsBroken();
        }
    }

    /// <summary>Answers; false if that ends the connection.</summary>
    private static async Task<bool> AnswerAsync(Socket socket, ChurnRequest request, CancellationToken end)
    {
        var body = ChurnBody.Of(request.Id, request.Size);
        var half = body.Length / 2;
        var length = string.Create(CultureInfo.InvariantCulture, $"Content-Length: {body.Length}\r\n");
        switch (request.Kind)
        {
            case ChurnKind.Refuse:
                return false;
            case ChurnKind.Garbage:
                await SendAsync("SSH-2.0-none\r\n\r\n");
                return false;
            case ChurnKind.Empty:
                await SendAsync(Head(204, ""));
                return true;
            case ChurnKind.Chunked:
                await SendAsync(Head(200, "Transfer-Encoding: chunked\r\n"));
                await socket.SendAsync(ChurnRequest.Chunk(body.AsSpan(0, half)), end);
                await socket.SendAsync((byte[])[.. ChurnRequest.Chunk(body.AsSpan(half)), .. "0\r\n\r\n"u8], end);
                return true;
            case ChurnKind.Close:
                await SendAsync(Head(200, "Connection: close\r\n"));
                await socket.SendAsync(body, end);
                return false;
            case ChurnKind.Last:
                await SendAsync(Head(200, length + "Connection: close\r\n"));
                await socket.SendAsync(body, end);
                return false;
            case ChurnKind.Cut or ChurnKind.Reset:
                await SendAsync(Head(200, length));
                await socket.SendAsync(body.AsMemory(0, half), end);
                socket.LingerState = new(request.Kind == ChurnKind.Reset, 0);
                return false;
            case ChurnKind.Slow:
                await SendAsync(Head(200, length));
                await socket.SendAsync(body.AsMemory(0, half), end);
                await Task.Delay(TimeSpan.FromMilliseconds(request.Id % 30), end);
                await socket.SendAsync(body.AsMemory(half), end);
                return true;
            case ChurnKind.Early:
                await SendAsync("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n");
                goto default;
            default:
                await socket.SendAsync((byte[])[.. Encoding.ASCII.GetBytes(Head(200, length)), .. body], end);
                return true;
        }

        async Task SendAsync(string text) => await socket.SendAsync(Encoding.ASCII.GetBytes(text), end);

        string Head(int status, string fields) => string.Create(CultureInfo.InvariantCulture, $"HTTP/1.1 {status} Churned\r\nX-Request: {request.Id}\r\n{fields}\r\n");
    }
}
