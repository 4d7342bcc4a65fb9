using Gateway.Node.Engine;
using Gateway.Wire.Tls;

namespace Gateway.Node.Tls;

/// <summary>TLS on the event loops: what the handshakes of all of them share.</summary>
internal sealed class LoopTls(CertificateStore certificates, ILogger log) : IDisposable
{
    /// <summary>What sessions begin with.</summary>
    public TlsContext Origin { get; } = new();

    public CertificateStore Certificates => certificates;

    public ILogger Log => log;

    /// <summary>Takes in a connection, on its loop.</summary>
    public void Accept(ProxyLoop loop, int descriptor, byte[] address, bool isCounted) =>
        new LoopHandshake(this, loop, address, isCounted, takesHttpcg: false).Begin(loop.Wire.Adopt(descriptor));

    /// <summary>The same of a connection to the listener for httpcg URLs, which HTTP/2 does not have as targets.</summary>
    public void AcceptHttpcg(ProxyLoop loop, int descriptor, byte[] address, bool isCounted) =>
        new LoopHandshake(this, loop, address, isCounted, takesHttpcg: true).Begin(loop.Wire.Adopt(descriptor));

    public void Dispose() => Origin.Dispose();
}
