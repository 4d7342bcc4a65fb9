namespace Gateway.Http;

/// <summary>The limits on a message's size, in bytes.</summary>
public sealed record HttpLimits
{
    public static HttpLimits Default { get; } = new();

    /// <summary>The first line and the fields, with the empty line. Default 32,768.</summary>
    public int MaxHead { get; init; } = 32 * 1024;

    /// <summary>The request line without its line end. Default 16,384.</summary>
    public int MaxRequestLine { get; init; } = 16 * 1024;

    /// <summary>The number of fields in one head, and in one trailer section. Default 100.</summary>
    public int MaxFields { get; init; } = 100;

    /// <summary>The extension between a chunk's size and the end of its line. Default 1,024.</summary>
    public int MaxChunkExtension { get; init; } = 1024;

    /// <summary>The interim answers before one final answer. Default 65,536.</summary>
    public int MaxInterim { get; init; } = 64 * 1024;

    /// <summary>The trailer section. Default 8,192.</summary>
    public int MaxTrailers { get; init; } = 8 * 1024;
}
