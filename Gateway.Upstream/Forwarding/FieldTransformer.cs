using System.Globalization;
using System.Net;
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
internal sealed class FieldTransformer(ForwarderAttempt attempt, EndpointAddress endpoint, ConnectionInUse upstream) : HttpTransformer
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

        AddOurs(proxyRequest, exchange.Fields, httpContext.Request);
        proxyRequest.Headers.Host = exchange.Pool.Host.Mode switch
        {
            HostMode.Endpoint => endpoint.Label,
            HostMode.Fixed => exchange.Pool.Host.Value,
            _ => httpContext.Request.Host.Value is { Length: > 0 } host ? host : endpoint.Label,
        };
        proxyRequest.RequestUri = new Uri(destinationPrefix + exchange.Target, Verbatim);
        proxyRequest.Options.Set(ForwarderAttempt.Key, attempt);
        return default;
    }

    public override ValueTask<bool> TransformResponseAsync(
        HttpContext httpContext, HttpResponseMessage? proxyResponse, CancellationToken cancellationToken)
    {
        if (proxyResponse is null)
        {
            return new(false);
        }

        var wellFormed = IsWellFramed(proxyResponse, httpContext) && TryCopy(proxyResponse, httpContext.Response.Headers);
        if (!wellFormed)
        {
            upstream.Close(); // Where this answer ends the next one begins, and that is not known.
        }

        return new(attempt.OnHead(proxyResponse, wellFormed));
    }

    /// <summary>Gives the client the fields of the answer; false when one of them cannot be passed on.</summary>
    private bool TryCopy(HttpResponseMessage proxyResponse, IHeaderDictionary outgoing)
    {
        var connection = proxyResponse.Headers.NonValidated.TryGetValues(HeaderNames.Connection, out var options)
            ? ToStringValues(options)
            : StringValues.Empty;
        var named = NamedFields.Of(connection);
        try
        {
            Copy(proxyResponse.Headers.NonValidated, outgoing, named);
            Copy(proxyResponse.Content.Headers.NonValidated, outgoing, named);
        }
        catch (InvalidOperationException)
        {
            return false; // A control character, which the server does not let through.
        }

        if (proxyResponse.StatusCode == HttpStatusCode.NoContent)
        {
            outgoing.ContentLength = null; // RFC 9110 8.6: there is none, whatever the endpoint says.
        }

        outgoing.Append(HeaderNames.Via, ViaOf(proxyResponse.Version, attempt.Exchange.Fields.Via));
        return true;
    }

    /// <summary>Names the version that the endpoint spoke, where the request's Via names the client's.</summary>
    private static string ViaOf(Version version, string ofRequest) =>
        version == HttpVersion.Version11 && ofRequest.StartsWith("1.1 ", StringComparison.Ordinal)
            ? ofRequest
            : $"{version}{ofRequest.AsSpan(ofRequest.IndexOf(' ', StringComparison.Ordinal))}";

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
            if (request.Version.Major == 1)
            {
                headers.TryAddWithoutValidation(HeaderNames.Connection, HeaderNames.TE); // RFC 9110 10.1.4: TE is for one connection only.
            }
        }

        if (ClientFields.HopsOf(incoming, client.Method) is { } hops)
        {
            headers.TryAddWithoutValidation(HeaderNames.MaxForwards, hops);
        }
    }

    /// <summary>
    /// Whether all readers agree on what the answer is and where it ends: not with two lengths or one that is not a number, a length beside
    /// a coding, a coding other than chunked, a status of two digits, a reset with content, or a protocol that the client did not ask for.
    /// </summary>
    private static bool IsWellFramed(HttpResponseMessage response, HttpContext context)
    {
        var hasLength = response.Content.Headers.NonValidated.TryGetValues(HeaderNames.ContentLength, out var lengths);
        var hasCoding = response.Headers.NonValidated.TryGetValues(HeaderNames.TransferEncoding, out var codings);
        return (!hasLength || (lengths.Count == 1 && IsNumber(lengths.ToString()))) &&
            (!hasCoding || (!hasLength && codings.Count == 1 && Is(codings.ToString(), "chunked") && response.Version != HttpVersion.Version10)) &&
            response.StatusCode switch
            {
                < HttpStatusCode.Continue => false,
                HttpStatusCode.SwitchingProtocols => HopByHop.IsWebSocket(context.Request),
                HttpStatusCode.ResetContent => !hasLength || response.Content.Headers.ContentLength == 0,
                _ => true,
            };
    }

    private static bool IsNumber(string length) => long.TryParse(length, NumberStyles.None, CultureInfo.InvariantCulture, out _);

    private static void Copy(HttpHeadersNonValidated from, IHeaderDictionary to, NamedFields named)
    {
        foreach (var (name, values) in from)
        {
            if (!HopByHop.Contains(name) && !named.Contain(name))
            {
                to[name] = ToStringValues(values); // Append would leave out an empty value.
            }
        }
    }

    private static StringValues ToStringValues(HeaderStringValues values) =>
        values.Count == 1 ? new(values.ToString()) : new([.. values]);

    private static bool Is(string field, string name) => field.Equals(name, StringComparison.OrdinalIgnoreCase);
}
