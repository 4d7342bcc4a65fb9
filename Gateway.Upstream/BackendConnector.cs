using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using Gateway.Core.Addressing;

namespace Gateway.Upstream;

/// <summary>
/// Connects to one endpoint. The name is resolved for each connection, and its addresses are tried in turn: each gets an equal share
/// of the remaining time, so that an unresponsive one does not keep the next from being tried.
/// </summary>
/// <param name="timeout">The time limit for name resolution, connection and TLS together.</param>
/// <param name="clock">The clock of the time limit.</param>
/// <param name="tls">Called for each connection; null for no TLS.</param>
/// <param name="resolve">The resolver; null for the system's, which caches answers for their lifetime.</param>
/// <param name="wrap">Wraps a connected socket, beneath TLS; null for a plain stream.</param>
/// <param name="greeting">Bytes to send first, before TLS; null for none.</param>
public sealed class BackendConnector(
    EndpointAddress address,
    TimeSpan timeout,
    TimeProvider clock,
    Func<SslClientAuthenticationOptions>? tls = null,
    Func<string, CancellationToken, Task<IPAddress[]>>? resolve = null,
    Func<Socket, NetworkStream>? wrap = null,
    byte[]? greeting = null)
{
    private readonly string _host = address.Host.Trim('[', ']');

    /// <summary>
    /// Opens a connection. Throws <see cref="SocketException"/>, <see cref="IOException"/>, an authentication exception, or
    /// <see cref="TimeoutException"/>.
    /// </summary>
    public async ValueTask<Stream> ConnectAsync(CancellationToken cancellation = default)
    {
        // Called by event loops for attempts and closed connections; yields so as not to block them.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        using var limit = new CancellationTokenSource(timeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            var socket = await ConnectAsync(await ResolveAsync(either.Token), either.Token);
            var plain = wrap?.Invoke(socket) ?? new NetworkStream(socket, ownsSocket: true);
            if (greeting is not null)
            {
                await GreetAsync(plain, greeting, either.Token);
            }

            return tls is null ? plain : await SecureAsync(plain, tls(), either.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new TimeoutException($"no connection to {address} within {timeout.TotalMilliseconds} ms");
        }
    }

    private async ValueTask<IPAddress[]> ResolveAsync(CancellationToken cancellation)
    {
        if (IPAddress.TryParse(_host, out var literal))
        {
            return [literal];
        }

        try
        {
            var found = await (resolve ?? Dns.GetHostAddressesAsync)(_host, cancellation);
            return found.Length > 0 ? found : throw new SocketException((int)SocketError.HostNotFound);
        }
        catch (SocketException)
        {
            OpenFileLimit.ThrowIfReached(); // Without a free descriptor a resolver reports an unknown name.
            throw;
        }
    }

    private async ValueTask<Socket> ConnectAsync(IPAddress[] addresses, CancellationToken cancellation)
    {
        var begun = clock.GetTimestamp();
        for (var i = 0; ; i++)
        {
            var isLast = i == addresses.Length - 1;
            var share = (timeout - clock.GetElapsedTime(begun)) / (addresses.Length - i);
            using var turn = new CancellationTokenSource(share > TimeSpan.Zero ? share : TimeSpan.Zero, clock);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(turn.Token, cancellation);
            var socket = new Socket(addresses[i].AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(new IPEndPoint(addresses[i], address.Port), either.Token);
                return socket;
            }
            catch (Exception error)
            {
                socket.Dispose();
                if (isLast || cancellation.IsCancellationRequested || error is not (SocketException or OperationCanceledException))
                {
                    throw;
                }
            }
        }
    }

    private static async ValueTask GreetAsync(NetworkStream plain, byte[] greeting, CancellationToken cancellation)
    {
        try
        {
            await plain.WriteAsync(greeting, cancellation);
        }
        catch
        {
            await plain.DisposeAsync();
            throw;
        }
    }

    private static async ValueTask<Stream> SecureAsync(NetworkStream plain, SslClientAuthenticationOptions options, CancellationToken cancellation)
    {
        var inner = new HandshakeStream(plain);
        var secure = new SecureStream(inner);
        try
        {
            await secure.AuthenticateAsClientAsync(options, cancellation);
            inner.EndHandshake();
            return secure;
        }
        catch
        {
            await secure.DisposeAsync();
            throw;
        }
    }
}
