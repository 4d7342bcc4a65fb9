using Gateway.Node.Recording;

namespace Gateway.Node.AccessLogs;

/// <summary>How a request is told in one line.</summary>
internal interface ILineFormat
{
    /// <summary>Writes one line, its end included.</summary>
    /// <param name="begun">When the request began.</param>
    void Write(LineBuffer to, AccessRecord record, DateTimeOffset begun);
}
