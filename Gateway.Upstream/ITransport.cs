using Gateway.Core.Endpoints;
using Gateway.Core.Outcomes;

namespace Gateway.Upstream;

/// <summary>Moves one attempt of a request to an endpoint and its answer back.</summary>
public interface ITransport
{
    /// <summary>
    /// Sends the request and passes the answer on, both as streams. Does not throw for what endpoint, client or clock do; the report says
    /// how it ended. Where no head was passed on, the client's answer is untouched, so that another attempt can follow.
    /// </summary>
    ValueTask<AttemptReport> SendAsync(Exchange exchange, EndpointCell endpoint);
}
