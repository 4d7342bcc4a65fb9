using Gateway.Core.Endpoints;

namespace Gateway.Upstream;

/// <summary>What a transport tells of its connections, for metrics.</summary>
public interface IConnectionCounts
{
    /// <summary>Open connections to the endpoint now, and all ever made. Zeros for one that was never used.</summary>
    (int Open, long Created) Read(EndpointCell endpoint);
}
