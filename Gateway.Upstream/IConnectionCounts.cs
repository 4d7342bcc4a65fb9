using Gateway.Core.Cells;

namespace Gateway.Upstream;

/// <summary>What a transport tells of its connections, for metrics.</summary>
public interface IConnectionCounts
{
    /// <summary>How it stands with the endpoint's connections. All zeros for one that was never used.</summary>
    ConnectionReading Read(EndpointCell endpoint);
}

/// <summary>The connections of one endpoint, and who waits for one.</summary>
/// <param name="Open">Open now.</param>
/// <param name="Created">Ever made.</param>
/// <param name="Idle">Open now and not in use, as far as the transport knows.</param>
/// <param name="Waiting">Attempts that wait for a connection now, to be made or to come back.</param>
/// <param name="Queued">Attempts that ever waited because every connection was busy.</param>
/// <param name="TimedOut">Those of them that waited in vain.</param>
public readonly record struct ConnectionReading(
    int Open, long Created, int Idle = 0, int Waiting = 0, long Queued = 0, long TimedOut = 0)
{
    public static ConnectionReading operator +(ConnectionReading one, ConnectionReading other) => new(
        one.Open + other.Open,
        one.Created + other.Created,
        one.Idle + other.Idle,
        one.Waiting + other.Waiting,
        one.Queued + other.Queued,
        one.TimedOut + other.TimedOut);
}
