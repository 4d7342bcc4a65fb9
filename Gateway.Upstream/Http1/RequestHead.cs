using Gateway.Core.Endpoints;
using Gateway.Core.Pools;
using Microsoft.AspNetCore.Http;

namespace Gateway.Upstream.Http1;

/// <summary>A request as it goes to an endpoint, ready to be written.</summary>
/// <param name="Target">Path and query, or <c>*</c>, sent byte for byte.</param>
/// <param name="Host">The Host field.</param>
/// <param name="Client">The client's fields, of which those are left out that do not go on.</param>
/// <param name="Own">The fields that say who forwarded it.</param>
/// <param name="Framing">The body's: none, a length (0 is said, as POST needs it), or chunked.</param>
/// <param name="ExpectsContinue">Asks the endpoint for a word before the body is sent.</param>
/// <param name="Upgrade">The protocol that it asks to switch to; null: none.</param>
internal readonly record struct RequestHead(
    string Method, string Target, string Host, IHeaderDictionary Client, ForwardedFields Own, BodyFraming Framing, bool ExpectsContinue = false,
    string? Upgrade = null)
{
    /// <summary>The head of a request as the endpoint gets it: with the host that the pool asks for, and the body framed as the client framed it.</summary>
    public static RequestHead Of(Exchange exchange, EndpointAddress endpoint)
    {
        var request = exchange.Context.Request;
        var host = exchange.Pool.Host.Mode switch
        {
            HostMode.Endpoint => endpoint.Label,
            HostMode.Fixed => exchange.Pool.Host.Value ?? "",
            _ => request.Host.Value is { Length: > 0 } own ? own : endpoint.Label,
        };
        var framing = exchange.Body is null ? (request.ContentLength is 0 ? BodyFraming.Length(0) : BodyFraming.None)
            : request.ContentLength is { } length ? BodyFraming.Length(length)
            : BodyFraming.Chunked;
        var expects = exchange.Body is not null && RequestUpload.Expects(request);
        var upgrade = HopByHop.IsWebSocket(request) ? request.Headers.Upgrade.ToString() : null;
        return new(request.Method, exchange.Target, host, request.Headers, exchange.Fields, framing, expects, upgrade);
    }
}
