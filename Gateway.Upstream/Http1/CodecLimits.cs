namespace Gateway.Upstream.Http1;

/// <summary>How much of an endpoint's answer is taken in before it counts as malformed. Sizes in bytes.</summary>
public sealed record CodecLimits
{
    public static CodecLimits Default { get; } = new();

    /// <summary>Status line and fields with the empty line after them. Default 32,768, 256 to 1,048,576; beyond it: 502.</summary>
    public int MaxHead { get; init; } = 32 * 1024;

    /// <summary>Fields of one head, and again of one trailer section. Default 128, 1 to 4,096; beyond it: 502.</summary>
    public int MaxFields { get; init; } = 128;

    /// <summary>All heads before the final one together. Default 65,536, 256 to 1,048,576; beyond it: 502.</summary>
    public int MaxInterim { get; init; } = 64 * 1024;

    /// <summary>Digits of a chunk size, leading zeros among them. Default 16, 1 to 16; the size itself ends at 2^63 - 1.</summary>
    public int MaxChunkSizeDigits { get; init; } = 16;

    /// <summary>What may stand between one chunk's size and the end of its line; it is skipped. Default 1,024, 0 to 65,536.</summary>
    public int MaxChunkExtension { get; init; } = 1024;

    /// <summary>The trailer section with the empty line after it. Default 8,192, 2 to 65,536; beyond it the body is broken.</summary>
    public int MaxTrailers { get; init; } = 8 * 1024;
}
