using System.Text;

namespace Gateway.Node.Routing;

/// <summary>Where the copies of a route's requests go, ready to be gone by. Immutable.</summary>
internal sealed class RouteMirror<T>(string route, MirrorSettings settings, T target)
{
    public MirrorSettings Settings => settings;

    public T Target => target;

    /// <summary>The line by which the backend knows a copy, with its end.</summary>
    public byte[] Line { get; } = Encoding.ASCII.GetBytes($"X-Gateway-Mirror: {route}\r\n");

    /// <summary>Whether a request is copied.</summary>
    /// <param name="chance">From 0 to 1, without 1.</param>
    public bool Takes(double chance) => chance * 100 < settings.Percent;
}
