using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Gateway.Node.WarmUp;

/// <summary>One keep-alive connection that sends requests to the warm-up's pipeline, one after another.</summary>
internal sealed class WarmUpClient : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _answer = new byte[64 * 1024];
    private int _next;

    private static ReadOnlySpan<byte> Expected => "HTTP/1.1 200 "u8;

    public ValueTask ConnectAsync(IPEndPoint address, CancellationToken cancellation) => _socket.ConnectAsync(address, cancellation);

    /// <summary>
    /// Sends a number of requests and reads their answers. Throws <see cref="IOException"/> when the connection ends, or when an answer is not the sink's: its
    /// end could not be found.
    /// </summary>
    public async Task AskAsync(int requests, CancellationToken cancellation)
    {
        for (var i = 0; i < requests; i++)
        {
            await _socket.SendAsync(WarmUpRequests.All[_next++ % WarmUpRequests.All.Length], cancellation);
            for (var length = 0; length == 0 || !WarmUpRequests.IsEnd(_answer.AsSpan(0, length));)
            {
                var received = await _socket.ReceiveAsync(_answer.AsMemory(length), cancellation);
                length += received > 0 ? received : throw new IOException("the warm-up's connection ended");
                if (!_answer.AsSpan(0, length).StartsWith(Expected[..Math.Min(length, Expected.Length)]))
                {
                    throw new IOException($"the warm-up received {Encoding.Latin1.GetString(_answer, 0, Math.Min(length, 40))}");
                }
            }
        }
    }

    public void Dispose() => _socket.Dispose();
}
