using Gateway.Node.Recording;

namespace Gateway.Node.AccessLogs;

/// <summary>Formats a request as a line.</summary>
internal interface ILineFormat
{
    /// <summary>Writes one line, including its end.</summary>
    /// <param name="begun">When the request began.</param>
    void Write(LineBuffer to, AccessRecord record, DateTimeOffset begun);
}
