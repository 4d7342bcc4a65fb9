using System.Net;
using Gateway.Core.Endpoints;
using Gateway.Core.Pools;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Gateway.Upstream.Http2;

/// <summary>Writes a request's head as it goes to the endpoint: the client's fields but those of one connection, and the gateway's own.</summary>
internal static class RequestFields
{
    private static readonly UriCreationOptions Verbatim = new() { DangerousDisablePathAndQueryCanonicalization = true };

    /// <summary>The request, without its options.</summary>
    /// <param name="content">Its body; null: none, which ends the stream with the head.</param>
    public static HttpRequestMessage RequestOf(Exchange exchange, EndpointAddress endpoint, HttpContent? content)
    {
        var client = exchange.Context.Request;
        var request = new HttpRequestMessage(new HttpMethod(client.Method), new Uri(endpoint.Canonical + exchange.Target, Verbatim))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = content,
        };
        request.Headers.Host = exchange.Pool.Host.Mode switch
        {
            HostMode.Endpoint => endpoint.Label,
            HostMode.Fixed => exchange.Pool.Host.Value,
            _ => client.Host.Value is { Length: > 0 } host ? host : endpoint.Label,
        };
        var named = ClientFields.NamedBy(client.Headers);
        foreach (var (name, values) in client.Headers)
        {
            if (ClientFields.GoesOn(name, named))
            {
                Add(request, name, values);
            }
        }

        AddOurs(request, exchange.Fields, client);
        return request;
    }

    private static void Add(HttpRequestMessage request, string name, StringValues values)
    {
        var added = values.Count == 1
            ? request.Headers.TryAddWithoutValidation(name, values.ToString())
            : request.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
        if (added)
        {
            return;
        }

        if (request.Content is null && ClientFields.IsFraming(name))
        {
            return; // The stream ends with the head.
        }

        request.Content ??= new NoContent(); // Of a request without a body too, what the client says of its content goes on.
        request.Content.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
    }

    private static void AddOurs(HttpRequestMessage request, ForwardedFields fields, HttpRequest client)
    {
        var headers = request.Headers;
        var incoming = client.Headers;
        headers.TryAddWithoutValidation(HeaderNames.Via, incoming.Via.Count > 0 ? $"{string.Join(", ", (IEnumerable<string?>)incoming.Via)}, {fields.Via}" : fields.Via);
        headers.TryAddWithoutValidation("X-Forwarded-For", fields.For);
        headers.TryAddWithoutValidation("X-Forwarded-Proto", fields.Proto);
        headers.TryAddWithoutValidation("Forwarded", fields.Forwarded);
        if (fields.Host is not null)
        {
            headers.TryAddWithoutValidation("X-Forwarded-Host", fields.Host);
        }

        if (HopByHop.IsNamedBy(incoming.TE, "trailers"))
        {
            headers.TryAddWithoutValidation(HeaderNames.TE, "trailers");
        }

        if (ClientFields.HopsOf(incoming, client.Method) is { } hops)
        {
            headers.TryAddWithoutValidation(HeaderNames.MaxForwards, hops);
        }
    }
}
