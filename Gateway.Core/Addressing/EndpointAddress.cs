using System.Diagnostics.CodeAnalysis;

namespace Gateway.Core.Addressing;

/// <summary>
/// The address of a backend: <c>scheme://host:port</c> in canonical form (lower case, port always written), so two
/// spellings of one address are one endpoint.
/// </summary>
public sealed record EndpointAddress
{
    private EndpointAddress(string scheme, string host, int port)
    {
        Scheme = scheme;
        Host = host;
        Port = port;
        Label = $"{host}:{port}";
        Canonical = $"{scheme}://{Label}";
    }

    /// <summary><c>http</c> or <c>https</c>.</summary>
    public string Scheme { get; }

    /// <summary>Host name or address; an IPv6 address keeps its brackets.</summary>
    public string Host { get; }

    /// <summary>1 to 65,535.</summary>
    public int Port { get; }

    /// <summary><c>host:port</c>, the value of the metric label <c>backend</c>.</summary>
    public string Label { get; }

    /// <summary><c>scheme://host:port</c>.</summary>
    public string Canonical { get; }

    public bool IsTls => Scheme == "https";

    public override string ToString() => Canonical;

    /// <summary>Parses an absolute http or https URI that has neither path, query, fragment nor user.</summary>
    /// <param name="fault">The fault and the allowed form, if the method returns false.</param>
    public static bool TryParse(
        string text,
        [NotNullWhen(true)] out EndpointAddress? address,
        [NotNullWhen(false)] out string? fault)
    {
        address = null;
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
        {
            fault = $"{FaultOf(text)}; allowed: http://host:port or https://host:port";
        }
        else if (uri.UserInfo.Length > 0 || uri.PathAndQuery != "/" || uri.Fragment.Length > 0)
        {
            fault = "has more than scheme, host and port; allowed: http://host:port or https://host:port";
        }
        else if (uri.Port == 0)
        {
            fault = "has port 0; allowed: 1 to 65535";
        }
        else
        {
            fault = null;
            address = new EndpointAddress(uri.Scheme, uri.IdnHost.Contains(':') ? $"[{uri.IdnHost}]" : uri.IdnHost, uri.Port);
        }

        return address is not null;
    }

    /// <summary>Describes why a text is not an http or https URI.</summary>
    private static string FaultOf(string text)
    {
        var scheme = text.IndexOf("://", StringComparison.Ordinal);
        if (scheme <= 0)
        {
            return text.Length == 0 ? "is empty" : "has no scheme";
        }

        if (text[..scheme].ToLowerInvariant() is var name && name is not ("http" or "https"))
        {
            return $"has the scheme '{name}'";
        }

        var port = text[(text.LastIndexOf(':') + 1)..].TrimEnd('/');
        return HostPort.IsAboveAnyPort(port) ? "has a port above 65535" : "is not an absolute URI";
    }
}
