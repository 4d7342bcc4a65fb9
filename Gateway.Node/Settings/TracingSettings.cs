namespace Gateway.Node.Settings;

/// <summary>Where spans go, and of which requests there are some.</summary>
public sealed record TracingSettings
{
    /// <summary>The address of an OTLP receiver: <c>http://host:port</c> or <c>https://host:port</c>, with a path where it has one.</summary>
    public required Uri Endpoint { get; init; }

    /// <summary>Default HTTP with protobuf.</summary>
    public OtlpProtocol Protocol { get; init; }

    /// <summary>
    /// The share of requests that are traced where no <c>traceparent</c> says; default 1, 0 to 1. Each costs a few kilobytes and microseconds, the others
    /// next to nothing.
    /// </summary>
    public double Sample { get; init; } = 1;

    /// <summary>Whether what a client's <c>traceparent</c> says of sampling is obeyed. Default on; off, the share goes for all.</summary>
    public bool FollowParent { get; init; } = true;

    /// <summary>The name of the service that the spans are of. Default <c>gateway</c>.</summary>
    public string ServiceName { get; init; } = "gateway";
}
