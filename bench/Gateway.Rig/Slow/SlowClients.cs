using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Gateway.Rig.Slow;

/// <summary>Clients that send a long body, or take one, a little at a time for as long as they are allowed to.</summary>
internal sealed class SlowClients(IPEndPoint gateway, string host)
{
    /// <summary>The bytes sent or taken each time, every <see cref="Pause"/>.</summary>
    private const int Portion = 2048;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private int _open;
    private int _broken;

    /// <summary>The clients in progress.</summary>
    public int Open => Volatile.Read(ref _open);

    /// <summary>The clients that were cut off.</summary>
    public int Broken => Volatile.Read(ref _broken);

    /// <summary>Sends a body too long ever to end.</summary>
    public Task UploadAsync(string path, CancellationToken end) => KeepAsync(
        string.Create(CultureInfo.InvariantCulture, $"POST {path} HTTP/1.1\r\nHost: {host}\r\nContent-Length: {1L << 30}\r\n\r\n"),
        async socket => await socket.SendAsync(new byte[Portion], end),
        end);

    /// <summary>Takes a long answer.</summary>
    public Task DownloadAsync(string path, CancellationToken end)
    {
        var buffer = new byte[Portion];
        return KeepAsync($"GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n", async socket => await socket.ReceiveAsync(buffer, end), end);
    }

    private async Task KeepAsync(string head, Func<Socket, Task<int>> step, CancellationToken end)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveBufferSize = 4096 };
        try
        {
            await socket.ConnectAsync(gateway, end);
            await socket.SendAsync(Encoding.ASCII.GetBytes(head), end);
            Interlocked.Increment(ref _open);
            using var pause = new PeriodicTimer(Pause);
            while (await step(socket) > 0)
            {
                await pause.WaitForNextTickAsync(end);
            }

            Interlocked.Increment(ref _broken);
        }
        catch (OperationCanceledException)
        {
            // The time is over.
        }
        catch (SocketException)
        {
            Interlocked.Increment(ref _broken);
        }
    }
}
