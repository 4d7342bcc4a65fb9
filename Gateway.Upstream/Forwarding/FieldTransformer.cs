using System.Globalization;
using System.Net.Http.Headers;
using Gateway.Core.Endpoints;
using Gateway.Core.Pools;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using Yarp.ReverseProxy.Forwarder;

namespace Gateway.Upstream.Forwarding;

/// <summary>
/// Writes the heads: the request's to the endpoint, the answer's to the client, by the rules of RFC 9110 for gateways. Hop-by-hop
/// fields and those that Connection names are dropped both ways; the rest keep their bytes and the order of fields of one name.
/// </summary>
internal sealed class FieldTransformer(ForwarderAttempt attempt, EndpointAddress endpoint) : HttpTransformer
{
    private static readonly UriCreationOptions Verbatim = new() { DangerousDisablePathAndQueryCanonicalization = true };

    public override ValueTask TransformRequestAsync(
        HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
    {
        var exchange = attempt.Exchange;
        var incoming = httpContext.Request.Headers;
        var named = ClientFields.NamedBy(incoming);
        foreach (var (name, values) in incoming)
        {
            if (ClientFields.GoesOn(name, named))
            {
                Add(proxyRequest, name, values);
            }
        }

        AddOurs(proxyRequest, exchange.Fields, incoming);
        proxyRequest.Headers.Host = exchange.Pool.Host.Mode switch
        {
            HostMode.Endpoint => endpoint.Label,
            HostMode.Fixed => exchange.Pool.Host.Value,
            _ => httpContext.Request.Host.Value is { Length: > 0 } host ? host : endpoint.Label,
        };
        proxyRequest.RequestUri = new Uri(destinationPrefix + (exchange.Target == "*" ? "" : exchange.Target), Verbatim);
        proxyRequest.Options.Set(ForwarderAttempt.Key, attempt);
        return default;
    }

    public override ValueTask<bool> TransformResponseAsync(
        HttpContext httpContext, HttpResponseMessage? proxyResponse, CancellationToken cancellationToken)
    {
        if (proxyResponse is null || !attempt.OnHead(proxyResponse, IsWellFramed(proxyResponse)))
        {
            return new(false);
        }

        var outgoing = httpContext.Response.Headers;
        var connection = proxyResponse.Headers.NonValidated.TryGetValues(HeaderNames.Connection, out var options)
            ? ToStringValues(options)
            : StringValues.Empty;
        var named = HopByHop.NamesFields(connection) ? connection : StringValues.Empty;
        Copy(proxyResponse.Headers.NonValidated, outgoing, named);
        Copy(proxyResponse.Content.Headers.NonValidated, outgoing, named);
        outgoing.Append(HeaderNames.Via, attempt.Exchange.Fields.Via);
        return new(true);
    }

    private void Add(HttpRequestMessage request, string name, StringValues values)
    {
        var added = values.Count == 1
            ? request.Headers.TryAddWithoutValidation(name, values.ToString())
            : request.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
        if (!added)
        {
            attempt.ContentFields.Add(new(name, values));
        }
    }

    private static void AddOurs(HttpRequestMessage request, in ForwardedFields fields, IHeaderDictionary incoming)
    {
        var headers = request.Headers;
        headers.TryAddWithoutValidation(HeaderNames.Via, incoming.Via.Count > 0 ? $"{incoming.Via}, {fields.Via}" : fields.Via);
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

        if (ClientFields.TryTakeHop(incoming.MaxForwards, out var left))
        {
            headers.TryAddWithoutValidation(HeaderNames.MaxForwards, left.ToString(CultureInfo.InvariantCulture));
        }
    }

    /// <summary>Two lengths, or a length beside a coding, let two readers disagree on where the answer ends.</summary>
    private static bool IsWellFramed(HttpResponseMessage response) =>
        !response.Content.Headers.NonValidated.TryGetValues(HeaderNames.ContentLength, out var lengths) ||
        (lengths.Count == 1 && response.Headers.TransferEncodingChunked != true);

    private static void Copy(HttpHeadersNonValidated from, IHeaderDictionary to, StringValues named)
    {
        foreach (var (name, values) in from)
        {
            if (!HopByHop.Contains(name) && !(named.Count > 0 && HopByHop.IsNamedBy(named, name)))
            {
                to.Append(name, ToStringValues(values));
            }
        }
    }

    private static StringValues ToStringValues(HeaderStringValues values) =>
        values.Count == 1 ? new(values.ToString()) : new([.. values]);
}
