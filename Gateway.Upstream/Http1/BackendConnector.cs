using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using Gateway.Core.Endpoints;

namespace Gateway.Upstream.Http1;

/// <summary>
/// Makes connections to one endpoint. The name is resolved for each of them, and its addresses are tried in turn: each has an equal share
/// of the time that is left, so that one that swallows everything does not keep the next from being tried.
/// </summary>
/// <param name="timeout">For all of it: name, connection, TLS.</param>
/// <param name="tls">Null: plain.</param>
/// <param name="resolve">Null: the system's resolver, which keeps answers for as long as they may live.</param>
internal sealed class BackendConnector(
    EndpointAddress address,
    TimeSpan timeout,
    SslClientAuthenticationOptions? tls,
    TimeProvider clock,
    Func<string, CancellationToken, Task<IPAddress[]>>? resolve = null)
{
    private readonly string _host = address.Host.Trim('[', ']');

    /// <summary>
    /// A new connection. Throws <see cref="SocketException"/>, <see cref="IOException"/>, an authentication exception, or
    /// <see cref="TimeoutException"/>.
    /// </summary>
    public async ValueTask<Stream> ConnectAsync()
    {
        // Connections are wanted by attempts and missed by closing ones, both on event loops, which have better to do.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        using var limit = new CancellationTokenSource(timeout, clock);
        try
        {
            var socket = await ConnectAsync(await ResolveAsync(limit.Token), limit.Token);
            var plain = new NetworkStream(socket, ownsSocket: true);
            return tls is null ? plain : await SecureAsync(plain, tls, limit.Token);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
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

        var found = await (resolve ?? Dns.GetHostAddressesAsync)(_host, cancellation);
        return found.Length > 0 ? found : throw new SocketException((int)SocketError.HostNotFound);
    }

    private async ValueTask<Socket> ConnectAsync(IPAddress[] addresses, CancellationToken cancellation)
    {
        var begun = clock.GetTimestamp();
        for (var i = 0; ; i++)
        {
            var share = (timeout - clock.GetElapsedTime(begun)) / (addresses.Length - i);
            using var turn = new CancellationTokenSource(share > TimeSpan.Zero ? share : TimeSpan.Zero, clock);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(turn.Token, cancellation);
            var socket = new Socket(addresses[i].AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(new IPEndPoint(addresses[i], address.Port), either.Token);
                return socket;
            }
            catch (Exception error) when (error is SocketException or OperationCanceledException && i + 1 < addresses.Length && !cancellation.IsCancellationRequested)
            {
                socket.Dispose(); // The next address has its turn.
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }
    }

    private static async ValueTask<Stream> SecureAsync(NetworkStream plain, SslClientAuthenticationOptions options, CancellationToken cancellation)
    {
        var beneath = new HandshakeStream(plain);
        var secure = new SslStream(beneath, leaveInnerStreamOpen: false);
        try
        {
            await secure.AuthenticateAsClientAsync(options, cancellation);
            beneath.EndHandshake();
            return secure;
        }
        catch
        {
            await secure.DisposeAsync();
            throw;
        }
    }
}
