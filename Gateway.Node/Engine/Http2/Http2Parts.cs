using Gateway.Http;
using Gateway.Http.Http2;

namespace Gateway.Node.Engine.Http2;

/// <summary>Shared by the HTTP/2 connections of one loop: parsers and buffers. Their contents are valid until the next call of the same kind.</summary>
internal sealed class Http2Parts(HttpLimits limits)
{
    /// <summary>The limits of heads and trailers that the engine writes.</summary>
    private static readonly HttpLimits OfAnswers = new() { MaxHead = 128 * 1024, MaxFields = 2048, MaxTrailers = 16 * 1024 };

    /// <summary>The framing of a chunk and the end of all chunks, in bytes.</summary>
    private const int ChunkFraming = 32;

    /// <summary>The fields of a received block.</summary>
    public HeaderBlock Fields { get; } = new(limits.MaxHead, limits.MaxFields);

    /// <summary>Writes requests as HTTP/1.1.</summary>
    public RequestHeadText Request { get; } = new();

    /// <summary>The head of an answer from the engine.</summary>
    public ResponseHead Answer { get; } = new(OfAnswers);

    /// <summary>Writes the heads and trailers of answers for HTTP/2.</summary>
    public AnswerBlock Block { get; } = new(OfAnswers);

    /// <summary>A buffer for a chunk.</summary>
    public byte[] Chunk { get; } = new byte[Http2Limits.FrameSize + ChunkFraming];
}
