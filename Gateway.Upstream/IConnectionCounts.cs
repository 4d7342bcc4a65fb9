using Gateway.Core.Cells;

namespace Gateway.Upstream;

/// <summary>Provides a transport's connection counts for metrics.</summary>
public interface IConnectionCounts
{
    /// <summary>Returns the counts of an endpoint; all zeros if it was never used.</summary>
    ConnectionReading Read(EndpointCell endpoint);
}

/// <summary>The connections of one endpoint, and the attempts queued for one.</summary>
/// <param name="Open">Connections open now.</param>
/// <param name="Created">Connections ever made.</param>
/// <param name="Idle">Open connections not in use, as far as the transport knows.</param>
/// <param name="Waiting">Attempts waiting now for a connection, new or returned.</param>
/// <param name="Queued">Attempts ever queued because every connection was busy.</param>
/// <param name="TimedOut">Queued attempts that timed out.</param>
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
