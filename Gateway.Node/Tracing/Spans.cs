using System.Diagnostics;

namespace Gateway.Node.Tracing;

/// <summary>Creates the spans of one replica. They exist only if its <see cref="TracingService"/> listens.</summary>
internal sealed class Spans(string gatewayId) : IDisposable
{
    private readonly ActivitySource _source = new($"Gateway.{gatewayId}");

    /// <summary>The name to listen for: each of several replicas in one process has its own.</summary>
    public string SourceName => _source.Name;

    /// <summary>Begins a span; null if nothing listens. It does not become the current one: a loop's thread has many in progress.</summary>
    public Activity? Begin(string name, ActivityKind kind, ActivityContext parent)
    {
        var span = _source.CreateActivity(name, kind, parent);
        if (span is not null)
        {
            span.Start();
            Activity.Current = null;
        }

        return span;
    }

    public void Dispose() => _source.Dispose();
}
