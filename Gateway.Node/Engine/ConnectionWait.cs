using Gateway.Core.Connecting;

namespace Gateway.Node.Engine;

/// <summary>An attempt that waits for room for a connection: of which loop, and whom to tell there. Granted at most once.</summary>
/// <param name="loop">Whose it is.</param>
/// <param name="counts">Where it waits.</param>
/// <param name="policy">How connections of its pool are kept.</param>
/// <param name="exchange">What waits.</param>
/// <param name="attempt">Which of its attempts: the exchange may be at another one, or another request, when the grant arrives.</param>
internal sealed class ConnectionWait(ProxyLoop loop, EndpointConnections counts, ConnectionPolicy policy, Exchange exchange, long attempt)
{
    public ProxyLoop Loop => loop;

    public ConnectionPolicy Policy => policy;

    public Exchange Exchange => exchange;

    public long Attempt => attempt;

    /// <summary>There is a place, and it is this attempt's. By any thread.</summary>
    public void Grant() => loop.Wire.Post(() =>
    {
        if (!exchange.OnRoom(attempt))
        {
            counts.Release();
        }
    });
}
