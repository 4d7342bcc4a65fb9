namespace Gateway.Node.Settings;

/// <summary>The export of metrics, in addition to scraping.</summary>
public sealed record OtlpMetricsSettings
{
    /// <summary>The address of an OTLP receiver: <c>http://host:port</c> or <c>https://host:port</c>, with an optional path.</summary>
    public required Uri Endpoint { get; init; }

    /// <summary>Default HTTP with protobuf.</summary>
    public OtlpProtocol Protocol { get; init; }

    /// <summary>The interval of exports. Default 60 s, 1 s to 1 h.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>The service name of the metrics. Default <c>gateway</c>.</summary>
    public string ServiceName { get; init; } = "gateway";
}
