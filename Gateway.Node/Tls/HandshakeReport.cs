using System.Net;
using Gateway.Node.Metrics;
using Gateway.Node.Recording;

namespace Gateway.Node.Tls;

/// <summary>Counts and logs handshakes that failed, alike whoever makes them.</summary>
internal static partial class HandshakeReport
{
    /// <param name="client">Its address, as far as it is known.</param>
    /// <param name="what">Says more than the reason does.</param>
    public static void Failed(TlsMetrics metrics, ILogger log, EndPoint? client, HandshakeEnd reason, string what)
    {
        metrics.Failed(reason);
        Log.Failed(log, client, TlsMetrics.NameOf(reason), what);
    }

    private static partial class Log
    {
        [LoggerMessage(125, LogLevel.Debug, "handshake with {Client} failed ({Reason}): {What}", EventName = "handshake-failed")]
        public static partial void Failed(ILogger logger, EndPoint? client, string reason, string what);
    }
}
