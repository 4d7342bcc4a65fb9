using Gateway.Http;
using Gateway.Http.Http2;

namespace Gateway.Node.Engine.Http2;

/// <summary>What the HTTP/2 connections of one loop share: parsers, and room to write in. What is in them is good until the next call of the same kind.</summary>
internal sealed class Http2Parts(HttpLimits limits)
{
    /// <summary>As much as the engine ever writes of a head or of trailers.</summary>
    private static readonly HttpLimits OfAnswers = new() { MaxHead = 128 * 1024, MaxFields = 2048, MaxTrailers = 16 * 1024 };

    /// <summary>Bytes of a chunk's framing, and of the end of all chunks.</summary>
    private const int ChunkFraming = 32;

    /// <summary>The fields of a block that was received.</summary>
    public HeaderBlock Fields { get; } = new(limits.MaxHead, limits.MaxFields);

    /// <summary>Writes requests as HTTP/1.1.</summary>
    public RequestHeadText Request { get; } = new();

    /// <summary>The head of an answer that the engine has written.</summary>
    public ResponseHead Answer { get; } = new(OfAnswers);

    /// <summary>Writes answers' heads and trailers for HTTP/2.</summary>
    public AnswerBlock Block { get; } = new(OfAnswers);

    /// <summary>Room for a chunk.</summary>
    public byte[] Chunk { get; } = new byte[Http2Limits.FrameSize + ChunkFraming];
}
