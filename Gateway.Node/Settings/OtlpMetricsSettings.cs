namespace Gateway.Node.Settings;

/// <summary>Where metrics are sent, beside being scraped.</summary>
public sealed record OtlpMetricsSettings
{
    /// <summary>The address of an OTLP receiver: <c>http://host:port</c> or <c>https://host:port</c>, with a path where it has one.</summary>
    public required Uri Endpoint { get; init; }

    /// <summary>Default HTTP with protobuf.</summary>
    public OtlpProtocol Protocol { get; init; }

    /// <summary>Between two exports. Default 60 s, 1 s to 1 h.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>The name of the service that the metrics are of. Default <c>gateway</c>.</summary>
    public string ServiceName { get; init; } = "gateway";
}
