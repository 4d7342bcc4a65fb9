using Gateway.Core.Outcomes;

namespace Gateway.Upstream.Http2;

/// <summary>Maps the HTTP client's exceptions to ends of attempts.</summary>
internal static class Http2Faults
{
    private const long ProtocolError = 0x1;
    private const long FlowControlError = 0x3;
    private const long FrameSizeError = 0x6;
    private const long CompressionError = 0x9;

    /// <summary>Returns the end of an attempt whose request was being sent.</summary>
    /// <param name="silent">Whether the connection was silent for so long that a ping may be unanswered, which the client reports as a protocol error.</param>
    /// <param name="ended">Whether the connection has ended, which the client reports as an invalid answer if it comes early.</param>
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

    /// <summary>Whether the client wanted another connection: nothing was sent, or the endpoint has not processed it.</summary>
    public static bool IsNoRoom(Exception? error) => error is NoRoomException || (error is HttpRequestException && IsNoRoom(error.InnerException));

    /// <summary>Returns the innermost message.</summary>
    public static string DetailOf(Exception error) => error.InnerException is { } inner ? DetailOf(inner) : error.Message;

    /// <summary>Returns the code of a RST_STREAM, a GOAWAY, or of an error found by this side; null if none.</summary>
    private static long? ProtocolCodeOf(Exception? error) => error switch
    {
        null => null,
        HttpProtocolException protocol => protocol.ErrorCode,
        _ => ProtocolCodeOf(error.InnerException),
    };
}
