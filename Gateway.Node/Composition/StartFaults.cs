using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Gateway.Actors.Cluster;
using Gateway.Node.AccessLogs;
using Gateway.Node.Admin;
using Gateway.Node.Engine;
using Gateway.Node.Hosting;
using Gateway.Node.Settings;
using Gateway.Upstream;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace Gateway.Node.Composition;

/// <summary>
/// Reasons on this machine why valid settings cannot be used: addresses that cannot be listened on, files that cannot be read. Checked before anything starts,
/// so that all are reported at once, a line each.
/// </summary>
internal static class StartFaults
{
    /// <param name="probe">Null: asks the system.</param>
    public static async Task<ImmutableArray<string>> OfAsync(GatewaySettings settings, LoopProbe? probe = null) =>
    [
        .. OpenFiles.FaultOf(OpenFiles.Limit()) is { } tooFew ? [tooFew] : Array.Empty<string>(),
        .. Addresses(settings).Concat(await ClusterAddressAsync(settings)).Select(a => FaultOf(a.Flag, a.Address)).OfType<string>(),
        .. LoopChoice.Of(settings, (probe ?? LoopProbe.OfSystem).FaultOf).FaultOf(settings) is { } noLoop ? [noLoop] : Array.Empty<string>(),
        .. AdminToken.Load(settings).Fault is { } fault ? [fault] : Array.Empty<string>(),
        .. AccessLogFault(settings.AccessLog) is { } unwritable ? [unwritable] : Array.Empty<string>(),
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

        if (settings.Tls is { } tls)
        {
            yield return ("--tls-addr", tls.Address);
        }

        if (settings.HttpcgAddress is { } httpcg)
        {
            yield return ("--httpcg-addr", httpcg);
        }

        if (settings.MetricsEnabled)
        {
            yield return ("--metrics-addr", settings.MetricsAddress);
        }
    }

    /// <summary>Why an address cannot be listened on; null: it can.</summary>
    public static string? FaultOf(IPEndPoint address)
    {
        try
        {
            using var socket = SocketTransportOptions.CreateDefaultBoundListenSocket(address);
            return null;
        }
        catch (SocketException error)
        {
            return error.Message;
        }
    }

    private static string? FaultOf(string flag, IPEndPoint address) =>
        FaultOf(address) is { } fault ? $"{flag}: cannot listen on {address}: {fault}" : null;

    /// <summary>Checks the cluster address. If the port is taken later, between two lives in the cluster, binding is retried instead.</summary>
    private static async Task<IEnumerable<(string Flag, IPEndPoint Address)>> ClusterAddressAsync(GatewaySettings settings) =>
        settings.ClusterAddress is { } address
            ? [("--cluster-addr", new IPEndPoint(IPAddress.Parse(await BindAddress.OfAsync(address.Host)), address.Port))]
            : [];

    /// <summary>Checks the access log's file. If it cannot be opened later, lines are lost instead.</summary>
    private static string? AccessLogFault(AccessLogSettings? log)
    {
        if (log is null or { To: AccessLogSettings.StandardOutput } || SyslogAddress.IsMeant(log.To))
        {
            return null;
        }

        try
        {
            using var file = new FileStream(log.To, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
            return null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return $"--access-log: cannot write to {log.To}: {error.Message}";
        }
    }

    private static string? FaultOf(Core.Connecting.TlsPolicy policy)
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
