using System.Text;

namespace Gateway.Node.WarmUp;

/// <summary>The warm-up's requests, and the sink's answers: usual shapes of traffic, small and large, with and without body.</summary>
internal static class WarmUpRequests
{
    private const string Fields = "Host: warm.up\r\nUser-Agent: Mozilla/5.0\r\nAccept: */*\r\nAccept-Encoding: gzip, deflate, br\r\n";

    /// <summary>Sent in turn; mostly small ones, as in practice.</summary>
    public static byte[][] All { get; } =
    [
        Get("/small"), Get("/small?q=1"), Get("/chunks"), Get("/small"), Get("/large"), Get("/small"),
        Bytes($"POST /small HTTP/1.1\r\n{Fields}Content-Length: {1000 + WarmUpSink.End.Length}\r\n\r\n{new string('x', 1000)}{WarmUpSink.End}"),
    ];

    private static readonly byte[] Small = Answer(70);
    private static readonly byte[] Large = Answer(40_000);
    private static readonly byte[] Chunks = Bytes(
        $"HTTP/1.1 200 OK\r\nDate: Thu, 01 Jan 1970 00:00:00 GMT\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n" +
        $"46\r\n{new string('y', 70)}\r\n{WarmUpSink.End.Length:x}\r\n{WarmUpSink.End}\r\n0\r\n\r\n");

    /// <summary>The sink's answer, once the request is complete; null before.</summary>
    public static ReadOnlyMemory<byte>? AnswerTo(ReadOnlySpan<byte> request) =>
        (request.StartsWith("POST"u8) ? IsEnd(request) : request.EndsWith("\r\n\r\n"u8)) ? AnswerOf(request).AsMemory() : default(ReadOnlyMemory<byte>?);

    /// <summary>Whether a message is complete: it ends with a body's end, or the end of its chunks.</summary>
    public static bool IsEnd(ReadOnlySpan<byte> received) => received.EndsWith("<end>"u8) || received.EndsWith("\r\n0\r\n\r\n"u8);

    private static byte[] AnswerOf(ReadOnlySpan<byte> request) =>
        request.IndexOf("/large"u8) is >= 0 and < 8 ? Large
        : request.IndexOf("/chunks"u8) is >= 0 and < 8 ? Chunks
        : Small;

    private static byte[] Get(string target) => Bytes($"GET {target} HTTP/1.1\r\n{Fields}\r\n");

    private static byte[] Answer(int filling) => Bytes(
        $"HTTP/1.1 200 OK\r\nServer: sink\r\nDate: Thu, 01 Jan 1970 00:00:00 GMT\r\nContent-Type: text/plain\r\n" +
        $"Content-Length: {filling + WarmUpSink.End.Length}\r\nConnection: keep-alive\r\n\r\n{new string('y', filling)}{WarmUpSink.End}");

    private static byte[] Bytes(string text) => Encoding.ASCII.GetBytes(text);
}
