using System.Net;
using System.Net.Sockets;

namespace Gateway.Node.WarmUp;

/// <summary>
/// The backend of the warm-up: listens on loopback within the process, and has one fixed answer for each kind of request. Understands only the requests of
/// <see cref="WarmUpClient"/>.
/// </summary>
internal sealed class WarmUpSink : IAsyncDisposable
{
    /// <summary>The end of every body, so that neither side has to read lengths.</summary>
    public const string End = "<end>";

    // Not dual-stack: its address would be IPv4-mapped, and not every transport connects to such.
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _accepting;

    public WarmUpSink()
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        _accepting = AcceptAsync();
    }

    public IPEndPoint Address => (IPEndPoint)_listener.LocalEndPoint!;

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Dispose();
        await _accepting;
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        var serving = new List<Task>();
        try
        {
            while (true)
            {
                serving.Add(ServeAsync(await _listener.AcceptAsync(_stopping.Token)));
            }
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(serving);
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        using (socket)
        {
            var request = new byte[16 * 1024];
            var length = 0;
            try
            {
                while (await socket.ReceiveAsync(request.AsMemory(length), _stopping.Token) is > 0 and var received)
                {
                    length += received;
                    if (WarmUpRequests.AnswerTo(request.AsSpan(0, length)) is { } answer)
                    {
                        length = 0;
                        await socket.SendAsync(answer, _stopping.Token);
                    }
                }
            }
            catch (Exception error) when (error is OperationCanceledException or SocketException)
            {
                // The warm-up is over.
            }
        }
    }
}
