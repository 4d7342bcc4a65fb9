namespace Gateway.Node.Routing;

/// <summary>The host in an authority or a Host field.</summary>
internal static class HostName
{
    /// <summary>The host without port, and without the dot that may end a fully qualified name; an IPv6 address keeps its brackets.</summary>
    public static ReadOnlySpan<char> Of(ReadOnlySpan<char> authority)
    {
        var end = authority is ['[', ..] ? authority.IndexOf(']') + 1 : authority.IndexOf(':');
        var host = end >= 0 && (end > 0 || authority is [':', ..]) ? authority[..end] : authority;
        return host is [.., '.'] ? host[..^1] : host;
    }
}
