namespace Gateway.Http;

/// <summary>What a connection begins with.</summary>
public enum ProxyHeaderState
{
    /// <summary>More bytes will tell.</summary>
    Incomplete,

    /// <summary>A whole header.</summary>
    Complete,

    /// <summary>Something else.</summary>
    Absent,

    /// <summary>The beginning of a header that is not valid.</summary>
    Faulty,
}

/// <summary>How the source's address is written.</summary>
public enum ProxySource
{
    /// <summary>Not at all: the header is the proxy's own, or of a protocol that has no such address. The peer is the source.</summary>
    None,

    /// <summary>As text, IPv4.</summary>
    Text4,

    /// <summary>As text, IPv6.</summary>
    Text6,

    /// <summary>As 4 or 16 bytes.</summary>
    Bytes,
}

/// <summary>A header of the PROXY protocol, and where in the bytes its parts lie.</summary>
/// <param name="Length">Bytes of the header, if it is complete.</param>
/// <param name="Source">How the address is written that the connection comes from.</param>
/// <param name="Start">Where that address begins.</param>
/// <param name="End">Where it ends.</param>
/// <param name="Port">The port that it comes from.</param>
public readonly record struct ProxyHeader(
    ProxyHeaderState State, int Length = 0, ProxySource Source = ProxySource.None, int Start = 0, int End = 0, int Port = 0);
