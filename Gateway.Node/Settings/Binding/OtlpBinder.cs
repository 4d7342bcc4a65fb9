using Gateway.Node.Settings.Sections;

namespace Gateway.Node.Settings.Binding;

/// <summary>Creates the settings of exports to OTLP receivers: spans, and metrics.</summary>
internal sealed class OtlpBinder(GatewayFile file, LayeredSettings given, Faults faults)
{
    /// <summary>Null: no tracing.</summary>
    public TracingSettings? Tracing() => EndpointOf("otlpEndpoint", file.OtlpEndpoint, "tracing", file.Tracing, file.Tracing?.Protocol) is { } endpoint
        ? new()
        {
            Endpoint = endpoint,
            Protocol = ProtocolOf(file.Tracing?.Protocol),
            Sample = file.Tracing?.Sample ?? 1,
            FollowParent = file.Tracing?.FollowParent ?? true,
            ServiceName = file.Tracing?.ServiceName ?? "gateway",
        }
        : null;

    /// <summary>Null: metrics are only scraped.</summary>
    public OtlpMetricsSettings? Metrics() => EndpointOf("otlpMetricsEndpoint", file.OtlpMetricsEndpoint, "otlpMetrics", file.OtlpMetrics, file.OtlpMetrics?.Protocol) is { } endpoint
        ? new()
        {
            Endpoint = endpoint,
            Protocol = ProtocolOf(file.OtlpMetrics?.Protocol),
            Interval = file.OtlpMetrics?.Interval ?? TimeSpan.FromMinutes(1),
            ServiceName = file.OtlpMetrics?.ServiceName ?? "gateway",
        }
        : null;

    /// <param name="key">The key of the receiver's address.</param>
    /// <param name="section">The key of the section with further settings.</param>
    private Uri? EndpointOf(string key, string? text, string section, object? how, string? protocol)
    {
        if (text is null)
        {
            if (how is not null && !faults.Touch(key))
            {
                faults.Add(section, given.Where(section), $"requires {key} or {Flag.ByKey(key)!.Option}; allowed: http://host:port");
            }

            return null;
        }

        if (Uri.TryCreate(text, UriKind.Absolute, out var endpoint) && endpoint.Scheme is "http" or "https" && endpoint.Query.Length + endpoint.UserInfo.Length == 0)
        {
            if (ProtocolOf(protocol) == OtlpProtocol.Grpc && endpoint.AbsolutePath != "/")
            {
                faults.Add(key, given.Where(key), $"{Faults.Quote(text)} has a path, which gRPC does not use; allowed with {section}.protocol grpc: http://host:port or https://host:port");
            }

            return endpoint;
        }

        faults.Add(key, given.Where(key), $"{Faults.Quote(text)} is not the address of an OTLP receiver; allowed: http://host:port or https://host:port, with or without a path");
        return null;
    }

    private static OtlpProtocol ProtocolOf(string? text) => text == "grpc" ? OtlpProtocol.Grpc : OtlpProtocol.Http;
}
