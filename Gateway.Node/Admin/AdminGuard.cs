using System.Net;
using Gateway.Node.Routing;

namespace Gateway.Node.Admin;

/// <summary>
/// Who may use the admin API. With a token: who bears it, from wherever. Without one the API listens on loopback alone, where the danger is
/// a browser on the same host: a page from elsewhere may send requests here (cross-site), or have its own name point here (DNS
/// rebinding). So the Host must be a loopback name, an Origin must be this server, and a change must come as JSON, which no page can
/// send elsewhere without being allowed to.
/// </summary>
internal sealed class AdminGuard(AdminToken? token)
{
    /// <summary>Why the request is refused; null: it is let through.</summary>
    /// <param name="open">
    /// Whether it is for a file that the repository holds as well: it asks for the token, so it comes without one, and a link to it may be
    /// anywhere.
    /// </param>
    public AdminRefusal? Check(HttpRequest request, bool open = false)
    {
        var refusal = token is null ? CheckLocal(request, open)
            : open ? null
            : token.IsBorneBy(request.Headers.Authorization) ? null
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

/// <summary>Why an admin request is not answered.</summary>
internal sealed record AdminRefusal(int Status, string Detail)
{
    /// <summary>Whether it is about who asks, which whoever runs the replica wants to know.</summary>
    public bool IsOfCaller => Status is StatusCodes.Status401Unauthorized or StatusCodes.Status403Forbidden;
}
