using Gateway.Core.Outcomes;

namespace Gateway.Upstream.Http2;

/// <summary>What the HTTP client's exceptions say of an attempt.</summary>
internal static class Http2Faults
{
    private const long ProtocolError = 0x1;
    private const long FlowControlError = 0x3;
    private const long FrameSizeError = 0x6;
    private const long CompressionError = 0x9;

    /// <summary>How an attempt ended whose request had begun to be sent.</summary>
    /// <param name="silent">Nothing has come for so long that a ping may have gone unanswered, which the client calls a protocol error.</param>
    /// <param name="ended">The connection has ended, which the client calls an invalid answer where it comes early.</param>
    public static AttemptEnd EndOf(Exception error, bool silent, bool ended) => error switch
    {
        InvalidDataException => AttemptEnd.Malformed,
        ResendException => AttemptEnd.Unprocessed,
        _ when IsNoRoom(error) => AttemptEnd.Unprocessed,
        _ when ProtocolCodeOf(error) is { } code
            => !silent && code is ProtocolError or FlowControlError or FrameSizeError or CompressionError ? AttemptEnd.Malformed : AttemptEnd.Broken,
        _ when ended => AttemptEnd.Broken,
        HttpRequestException { HttpRequestError: HttpRequestError.InvalidResponse or HttpRequestError.ConfigurationLimitExceeded or HttpRequestError.VersionNegotiationError }
            or HttpIOException { HttpRequestError: HttpRequestError.InvalidResponse or HttpRequestError.ConfigurationLimitExceeded }
            => AttemptEnd.Malformed,
        _ => AttemptEnd.Broken,
    };

    /// <summary>The client wanted another connection: nothing was sent, or the endpoint has done nothing with it.</summary>
    public static bool IsNoRoom(Exception? error) => error is NoRoomException || (error is HttpRequestException && IsNoRoom(error.InnerException));

    /// <summary>The innermost message.</summary>
    public static string DetailOf(Exception error) => error.InnerException is { } inner ? DetailOf(inner) : error.Message;

    /// <summary>The code of a RST_STREAM, a GOAWAY, or of what this side found wrong; null: no such thing.</summary>
    private static long? ProtocolCodeOf(Exception? error) => error switch
    {
        null => null,
        HttpProtocolException protocol => protocol.ErrorCode,
        _ => ProtocolCodeOf(error.InnerException),
    };
}
