using System.Net;
using Gateway.Node.Routing;

namespace Gateway.Node.Admin;

/// <summary>
/// Decides who may use the admin API. With a token: anyone who sends it, from anywhere. Without one the API listens only on loopback, where the danger is a
/// browser on the same host: a foreign page may send requests here (cross-site), or make its own name point here (DNS rebinding). So the Host must be a
/// loopback name, an Origin must be this server, and a change must be sent as JSON, which no page can send to another origin without permission.
/// </summary>
internal sealed class AdminGuard(AdminToken? token)
{
    /// <summary>Why the request is refused; null: it is allowed.</summary>
    /// <param name="open">
    /// Whether it is for a file of the page, which is public: the page asks for the token, so it is requested without one, and may be linked from anywhere.
    /// </param>
    public AdminRefusal? Check(HttpRequest request, bool open = false)
    {
        var refusal = token is null ? CheckLocal(request, open)
            : open ? null
            : token.Authorizes(request.Headers.Authorization) ? null
            : new(StatusCodes.Status401Unauthorized, request.Headers.Authorization.Count == 0 ? "the token is missing" : "the token is invalid");
        if (refusal is not null)
        {
            return refusal;
        }

        return HttpMethods.IsPost(request.Method) && !request.HasJsonContentType()
            ? new(StatusCodes.Status415UnsupportedMediaType, "the body must be application/json")
            : null;
    }

    private static AdminRefusal? CheckLocal(HttpRequest request, bool open)
    {
        if (!IsLoopbackName(request.Host.Value))
        {
            return new(StatusCodes.Status403Forbidden, "Host must be localhost, 127.0.0.1 or [::1] unless a token is set");
        }

        return !open && IsForeign(request) ? new(StatusCodes.Status403Forbidden, "requests from pages of other sites are not allowed") : null;
    }

    private static bool IsLoopbackName(string? authority)
    {
        var host = HostName.Of(authority);
        return host.Equals("localhost", StringComparison.OrdinalIgnoreCase) ||
            (IPAddress.TryParse(host.Trim("[]"), out var address) && IPAddress.IsLoopback(address));
    }

    private static bool IsForeign(HttpRequest request)
    {
        string? origin = request.Headers.Origin;
        string? site = request.Headers["Sec-Fetch-Site"];
        return (origin is not null && !origin.Equals($"{request.Scheme}://{request.Host.Value}", StringComparison.OrdinalIgnoreCase)) ||
            site is not (null or "same-origin" or "none");
    }
}

/// <summary>Why an admin request is refused.</summary>
internal sealed record AdminRefusal(int Status, string Detail)
{
    /// <summary>Whether the caller is the reason, which operators want to know.</summary>
    public bool IsCallerFault => Status is StatusCodes.Status401Unauthorized or StatusCodes.Status403Forbidden;
}
