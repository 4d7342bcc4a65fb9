namespace Gateway.Tests.EndToEnd.Backends;

/// <summary>How the other side stands.</summary>
public enum RawEnd
{
    Open,

    /// <summary>It sends no more: a FIN came.</summary>
    Closed,

    /// <summary>A reset came.</summary>
    Reset,
}
