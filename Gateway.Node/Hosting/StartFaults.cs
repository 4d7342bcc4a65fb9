using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Gateway.Node.Admin;
using Gateway.Node.Settings;
using Gateway.Upstream;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace Gateway.Node.Hosting;

/// <summary>
/// What of this machine keeps valid settings from being used: addresses that cannot be listened on, files that cannot be read. Looked for before
/// anything starts, so that all of it is said at once, a line for each.
/// </summary>
internal static class StartFaults
{
    public static ImmutableArray<string> Of(GatewaySettings settings) =>
    [
        .. OpenFiles.FaultOf(OpenFiles.Limit()) is { } tooFew ? [tooFew] : Array.Empty<string>(),
        .. Addresses(settings).Select(a => FaultOf(a.Flag, a.Address)).OfType<string>(),
        .. AdminToken.Load(settings).Fault is { } fault ? [fault] : Array.Empty<string>(),
        .. settings.Pools.Select(pool => pool.Connections.Tls).Distinct().Select(FaultOf).OfType<string>(),
    ];

    private static IEnumerable<(string Flag, IPEndPoint Address)> Addresses(GatewaySettings settings)
    {
        yield return ("--listen-addr", settings.ListenAddress);
        yield return ("--admin-addr", settings.AdminAddress);
        if (settings.Http2Address is { } http2)
        {
            yield return ("http2Addr", http2);
        }

        if (settings.MetricsEnabled)
        {
            yield return ("--metrics-addr", settings.MetricsAddress);
        }
    }

    private static string? FaultOf(string flag, IPEndPoint address)
    {
        try
        {
            using var socket = SocketTransportOptions.CreateDefaultBoundListenSocket(address);
            return null;
        }
        catch (SocketException error)
        {
            return $"{flag}: cannot listen on {address}: {error.Message}";
        }
    }

    private static string? FaultOf(Core.Pools.TlsPolicy policy)
    {
        try
        {
            new BackendTls().Read([policy]);
            return null;
        }
        catch (IOException error)
        {
            return error.Message;
        }
    }
}
