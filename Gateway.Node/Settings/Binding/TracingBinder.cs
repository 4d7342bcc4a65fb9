using Gateway.Node.Settings.Sections;

namespace Gateway.Node.Settings.Binding;

/// <summary>Makes the settings of tracing.</summary>
internal sealed class TracingBinder(GatewayFile file, LayeredSettings given, Faults faults)
{
    private const string Key = "otlpEndpoint";

    /// <summary>Null: nothing is traced.</summary>
    public TracingSettings? Bind()
    {
        if (file.OtlpEndpoint is not { } text)
        {
            if (file.Tracing is not null && !faults.Touch(Key))
                faults.Add("tracing", given.Where("tracing"), "says how and not where to; allowed: with otlpEndpoint or --otlp-endpoint, http://host:port");
            return null;
        }

        if (!Uri.TryCreate(text, UriKind.Absolute, out var endpoint) || endpoint.Scheme is not ("http" or "https") || endpoint.Query.Length + endpoint.UserInfo.Length > 0)
        {
            faults.Add(Key, given.Where(Key), $"{Faults.Quote(text)} is not an address of an OTLP receiver; allowed: http://host:port or https://host:port, with or without a path");
            return null;
        }

        return new()
        {
            Endpoint = endpoint,
            Protocol = file.Tracing?.Protocol == "grpc" ? OtlpProtocol.Grpc : OtlpProtocol.Http,
            Sample = file.Tracing?.Sample ?? 1,
            FollowParent = file.Tracing?.FollowParent ?? true,
            ServiceName = file.Tracing?.ServiceName ?? "gateway",
        };
    }
}
