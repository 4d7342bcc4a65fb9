namespace Gateway.Tests.EndToEnd.Backends;

/// <summary>The state of the other side.</summary>
public enum RawEnd
{
    Open,

    /// <summary>It has closed its side: a FIN arrived.</summary>
    Closed,

    /// <summary>A reset arrived.</summary>
    Reset,
}
