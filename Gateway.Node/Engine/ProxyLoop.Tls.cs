using Gateway.Wire.Tls;

namespace Gateway.Node.Engine;

/// <summary>Connections that become clients when their handshake is done.</summary>
internal sealed partial class ProxyLoop
{
    private readonly HashSet<IArrival> _arrivals = [];
    private TlsBuffers? _tls;

    /// <summary>What its TLS sessions share.</summary>
    public TlsBuffers Tls => _tls ??= new();

    /// <summary>Its TLS sessions that have not ended; by another thread, as of a moment ago.</summary>
    public int TlsSessions => _tls?.Sessions ?? 0;

    /// <summary>Whether it has been told to <see cref="Drain"/>: who becomes a client later is told then.</summary>
    public bool IsDraining { get; private set; }

    /// <summary>Hands a connection to it. By any thread.</summary>
    /// <param name="takeIn">Takes it in, on the loop.</param>
    public void TakeInLater(Action takeIn)
    {
        Interlocked.Increment(ref _coming);
        Wire.Post(() =>
        {
            Interlocked.Decrement(ref _coming);
            takeIn();
        });
    }

    /// <summary>A connection has come whose handshake comes first.</summary>
    public void Arrive(IArrival arrival) => _arrivals.Add(arrival);

    /// <summary>Its handshake is over.</summary>
    public void Settle(IArrival arrival) => _arrivals.Remove(arrival);

    /// <summary>Those end of whom nothing has come, as idle clients do: a balancer's spare connections among them.</summary>
    public void DrainArrivals()
    {
        foreach (var arrival in _arrivals.ToList())
        {
            arrival.Drain();
        }
    }

    private void CutOffArrivals()
    {
        foreach (var arrival in _arrivals.ToList())
        {
            arrival.CutOff();
        }
    }
}
