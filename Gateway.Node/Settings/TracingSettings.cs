namespace Gateway.Node.Settings;

/// <summary>The export of spans, and which requests are traced.</summary>
public sealed record TracingSettings
{
    /// <summary>The address of an OTLP receiver: <c>http://host:port</c> or <c>https://host:port</c>, with an optional path.</summary>
    public required Uri Endpoint { get; init; }

    /// <summary>Default HTTP with protobuf.</summary>
    public OtlpProtocol Protocol { get; init; }

    /// <summary>
    /// The share of requests traced, without a decision in <c>traceparent</c>. Default 1, 0 to 1. Each costs a few kilobytes and microseconds, the others next
    /// to nothing.
    /// </summary>
    public double Sample { get; init; } = 1;

    /// <summary>Whether to follow the sampling decision in a client's <c>traceparent</c>. Default on; if off, the share applies to all.</summary>
    public bool FollowParent { get; init; } = true;

    /// <summary>The service name of the spans. Default <c>gateway</c>.</summary>
    public string ServiceName { get; init; } = "gateway";
}
