using System.Globalization;
using Gateway.Upstream;

namespace Gateway.Node.Proxying;

/// <summary>Refuses requests that two readers could understand in two ways, or that a gateway does not serve, before anything else.</summary>
internal static class RequestScreen
{
    /// <summary>What is wrong with the request, or null. All of them end the connection: its framing cannot be trusted.</summary>
    public static Refusal? Check(HttpRequest request)
    {
        if (HttpMethods.IsConnect(request.Method))
        {
            return new(StatusCodes.Status501NotImplemented, "CONNECT is not served");
        }

        if (NamedFields.TooMany(request.Headers.Connection))
        {
            return new(StatusCodes.Status400BadRequest, $"the Connection field has more than {NamedFields.MaxMembers} members");
        }

        var coding = request.Headers.TransferEncoding;
        if (coding.Count == 0)
        {
            return null;
        }

        // Kestrel has taken a Content-Length beside a coding away and put it under this name.
        if (request.Headers.ContainsKey("X-Content-Length"))
        {
            return new(StatusCodes.Status400BadRequest, "Transfer-Encoding and Content-Length exclude each other");
        }

        if (HttpProtocol.IsHttp10(request.Protocol))
        {
            return new(StatusCodes.Status400BadRequest, "HTTP/1.0 has no Transfer-Encoding");
        }

        return coding.Count == 1 && string.Equals(coding[0], "chunked", StringComparison.OrdinalIgnoreCase)
            ? null
            : new(StatusCodes.Status501NotImplemented, "the only transfer coding served is chunked");
    }

    /// <summary>Whether Max-Forwards says that this gateway is the last stop (OPTIONS and TRACE only).</summary>
    public static bool IsLastStop(HttpRequest request) =>
        (HttpMethods.IsOptions(request.Method) || HttpMethods.IsTrace(request.Method)) &&
        request.Headers.MaxForwards is { Count: 1 } hops &&
        int.TryParse(hops, NumberStyles.None, CultureInfo.InvariantCulture, out var left) && left == 0;

    /// <param name="Status">The status of the answer.</param>
    /// <param name="Detail">For the client.</param>
    public sealed record Refusal(int Status, string Detail);
}
