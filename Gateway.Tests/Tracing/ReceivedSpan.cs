namespace Gateway.Tests.Tracing;

/// <summary>A span as received by an OTLP receiver.</summary>
/// <param name="Kind">2: of a server, 3: of a client.</param>
/// <param name="Status">0: unset, 2: an error.</param>
internal sealed record ReceivedSpan(
    string TraceId, string SpanId, string ParentId, string State, string Name, int Kind, int Status, IReadOnlyDictionary<string, object> Tags,
    IReadOnlyDictionary<string, object> Resource)
{
    public bool IsServer => Kind == 2;

    public bool IsClient => Kind == 3;
}
