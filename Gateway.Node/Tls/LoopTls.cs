using Gateway.Node.Engine;
using Gateway.Wire.Tls;

namespace Gateway.Node.Tls;

/// <summary>TLS on the event loops: shared by the handshakes of all loops.</summary>
internal sealed partial class LoopTls : IDisposable
{
    /// <summary>
    /// How long the keys of tickets are used. Anyone who has them can read every TLS 1.2 session that they resumed; a client with an older ticket makes a full
    /// handshake.
    /// </summary>
    public static readonly TimeSpan KeyLife = TimeSpan.FromHours(12);

    private readonly ITimer _renewal;
    private volatile TlsContext _origin = new();

    /// <summary>A loop may just have read it.</summary>
    private TlsContext? _previous;

    public LoopTls(CertificateStore certificates, TimeProvider clock, ILogger log)
    {
        (Certificates, Log) = (certificates, log);
        _renewal = clock.CreateTimer(_ => Renew(), null, KeyLife, KeyLife);
    }

    /// <summary>The context that sessions begin with, which has the keys of the tickets.</summary>
    public TlsContext Origin => _origin;

    public CertificateStore Certificates { get; }

    public ILogger Log { get; }

    /// <summary>Accepts a connection, on its loop.</summary>
    public void Accept(ProxyLoop loop, int descriptor, byte[] address, bool isCounted) =>
        new LoopHandshake(this, loop, address, isCounted, acceptsHttpcg: false).Begin(loop.Wire.Adopt(descriptor));

    /// <summary>The same for a connection to the httpcg listener; HTTP/2 has no httpcg targets.</summary>
    public void AcceptHttpcg(ProxyLoop loop, int descriptor, byte[] address, bool isCounted) =>
        new LoopHandshake(this, loop, address, isCounted, acceptsHttpcg: true).Begin(loop.Wire.Adopt(descriptor));

    public void Dispose()
    {
        _renewal.Dispose();
        _previous?.Dispose();
        _origin.Dispose();
    }

    /// <summary>Replaces the context; sessions hold their own references to theirs.</summary>
    private void Renew()
    {
        TlsContext next;
        try
        {
            next = new();
        }
        catch (TlsException error)
        {
            KeysLog.Kept(Log, error.Message);
            return;
        }

        _previous?.Dispose();
        (_previous, _origin) = (_origin, next);
    }

    private static partial class KeysLog
    {
        [LoggerMessage(129, LogLevel.Warning, "TLS session ticket keys were not renewed: {What}", EventName = "ticket-keys-kept")]
        public static partial void Kept(ILogger logger, string what);
    }
}
