namespace Gateway.Http;

/// <summary>The result of parsing the start of a connection.</summary>
public enum ProxyHeaderState
{
    /// <summary>More bytes will tell.</summary>
    Incomplete,

    /// <summary>A complete header.</summary>
    Complete,

    /// <summary>No PROXY protocol header.</summary>
    Absent,

    /// <summary>An invalid header.</summary>
    Faulty,
}

/// <summary>The format of the source address.</summary>
public enum ProxySource
{
    /// <summary>
    /// No address: the header is for the proxy's own connection, or for a protocol without addresses. The peer is the source.
    /// </summary>
    None,

    /// <summary>An IPv4 address as text.</summary>
    Text4,

    /// <summary>An IPv6 address as text.</summary>
    Text6,

    /// <summary>An address of 4 or 16 bytes.</summary>
    Bytes,
}

/// <summary>A header of the PROXY protocol, by the positions of its parts.</summary>
/// <param name="Length">The length of the header in bytes, if it is complete.</param>
/// <param name="Source">The format of the source address.</param>
/// <param name="Start">The start of that address.</param>
/// <param name="End">The end of that address.</param>
/// <param name="Port">The source port.</param>
public readonly record struct ProxyHeader(
    ProxyHeaderState State, int Length = 0, ProxySource Source = ProxySource.None, int Start = 0, int End = 0, int Port = 0);
