namespace Gateway.Node.Settings;

/// <summary>What moves requests to the backends.</summary>
public enum TransportKind
{
    /// <summary>YARP's forwarder over .NET's HTTP client.</summary>
    Forwarder,

    /// <summary>HTTP/1.1 over connections of the gateway's own; what upgrades still goes by the forwarder.</summary>
    Native,
}
