using System.Net;
using Gateway.Node.Metrics;
using Gateway.Node.Recording;

namespace Gateway.Node.Tls;

/// <summary>Counts and logs failed handshakes, in the same way for loops and streams.</summary>
internal static partial class HandshakeReport
{
    /// <param name="client">Its address, if known.</param>
    /// <param name="what">Details of the reason.</param>
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
