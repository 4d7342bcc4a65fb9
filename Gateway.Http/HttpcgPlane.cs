namespace Gateway.Http;

/// <summary>The planes of httpcg URLs.</summary>
public enum HttpcgPlane : byte
{
    /// <summary>No httpcg URL.</summary>
    None,
    App,
    Bpi,
    Gw,
    Wallet,
    M2M,
}
