namespace Gateway.Node.Settings;

/// <summary>What moves requests to the backends.</summary>
public enum TransportKind
{
    /// <summary>HTTP/1.1 over connections of the gateway's own; what upgrades goes by the forwarder.</summary>
    Native,

    /// <summary>Everything by YARP's forwarder, over .NET's HTTP client: to compare with, and to fall back on.</summary>
    Forwarder,
}
