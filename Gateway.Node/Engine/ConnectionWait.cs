using Gateway.Core.Connecting;

namespace Gateway.Node.Engine;

/// <summary>An attempt waiting for a connection. Granted at most once.</summary>
/// <param name="loop">The attempt's loop.</param>
/// <param name="counts">The endpoint's connections.</param>
/// <param name="policy">The connection settings of its pool.</param>
/// <param name="exchange">The waiting exchange.</param>
/// <param name="attempt">The number of its attempt: when the grant arrives, the exchange may be at another attempt or another request.</param>
internal sealed class ConnectionWait(ProxyLoop loop, EndpointConnections counts, ConnectionPolicy policy, Exchange exchange, long attempt)
{
    public ProxyLoop Loop => loop;

    public ConnectionPolicy Policy => policy;

    public Exchange Exchange => exchange;

    public long Attempt => attempt;

    /// <summary>Gives the attempt a place. Thread-safe.</summary>
    public void Grant() => loop.Wire.Post(() =>
    {
        if (!exchange.OnRoom(attempt))
        {
            counts.Release();
        }
    });
}
