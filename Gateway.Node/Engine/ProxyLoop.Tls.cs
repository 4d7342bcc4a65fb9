using Gateway.Wire.Tls;

namespace Gateway.Node.Engine;

/// <summary>Connections that become clients after their handshake.</summary>
internal sealed partial class ProxyLoop
{
    private readonly HashSet<IArrival> _arrivals = [];
    private TlsBuffers? _tls;

    /// <summary>Shared by its TLS sessions.</summary>
    public TlsBuffers Tls => _tls ??= new();

    /// <summary>The open TLS sessions; slightly out of date on other threads.</summary>
    public int TlsSessions => _tls?.Sessions ?? 0;

    /// <summary>Whether <see cref="Drain"/> has been called: later clients drain at once.</summary>
    public bool IsDraining { get; private set; }

    /// <summary>Passes a connection to it. Thread-safe.</summary>
    /// <param name="takeIn">Takes the connection in, on the loop.</param>
    public void TakeInLater(Action takeIn)
    {
        Interlocked.Increment(ref _coming);
        Wire.Post(() =>
        {
            Interlocked.Decrement(ref _coming);
            takeIn();
        });
    }

    /// <summary>Adds a connection in its handshake.</summary>
    public void Arrive(IArrival arrival) => _arrivals.Add(arrival);

    /// <summary>Removes a connection after its handshake.</summary>
    public void Settle(IArrival arrival) => _arrivals.Remove(arrival);

    /// <summary>Ends those that have sent nothing, like idle clients: a balancer's spare connections, for instance.</summary>
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
