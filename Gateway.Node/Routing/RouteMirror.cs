using System.Text;

namespace Gateway.Node.Routing;

/// <summary>The target of copies of a route's requests, prepared. Immutable.</summary>
internal sealed class RouteMirror<T>(string route, MirrorSettings settings, T target)
{
    public MirrorSettings Settings => settings;

    public T Target => target;

    /// <summary>The line that marks a copy for the backend, with its end.</summary>
    public byte[] Line { get; } = Encoding.ASCII.GetBytes($"X-Gateway-Mirror: {route}\r\n");

    /// <summary>Whether a request is copied.</summary>
    /// <param name="chance">Random, uniform in [0, 1).</param>
    public bool Takes(double chance) => chance * 100 < settings.Percent;
}
