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
    /// <remarks>An attempt beyond the connections there may be is for a transport of which <see cref="CanQueue"/> holds.</remarks>
    ValueTask<AttemptReport> SendAsync(Exchange exchange, EndpointCell endpoint);

    /// <summary>Whether an attempt of this request may be sent to an endpoint that is full, to wait there for a connection.</summary>
    bool CanQueue(Exchange exchange);
}
