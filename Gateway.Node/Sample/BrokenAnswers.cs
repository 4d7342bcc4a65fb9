using System.Text;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;

namespace Gateway.Node.Sample;

/// <summary>
/// Answers that no HTTP server gives. The bytes are written to the connection's own output, beneath the HTTP layer, whose answer is then abandoned. That output
/// is ordered and sends everything before it closes, so the bytes arrive complete.
/// </summary>
internal static class BrokenAnswers
{
    /// <summary>Ends the connection with a reset: Kestrel closes an aborted connection without lingering.</summary>
    public static void Reset(HttpContext context) => context.Abort();

    /// <summary>Bytes that are not HTTP, then a regular close.</summary>
    public static Task GarbageAsync(HttpContext context) => SendAndCloseAsync(context, "\u0016\u0003\u0001 not HTTP\r\n\r\n"u8.ToArray());

    /// <summary>A head that announces 1,000 bytes, 500 of them, then a regular close.</summary>
    public static Task HalfAsync(HttpContext context, string backend) =>
        SendAndCloseAsync(
            context,
            [.. Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\nX-Backend: {backend}\r\n\r\n"), .. new byte[500]]);

    private static async Task SendAndCloseAsync(HttpContext context, byte[] bytes)
    {
        // Closing with unread bytes would become a reset, which may overtake the answer.
        await context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted);

        var output = context.Features.GetRequiredFeature<IConnectionTransportFeature>().Transport.Output;
        await output.WriteAsync(bytes, context.RequestAborted);
        await output.CompleteAsync();

        // Not before the socket is closed: an abort would cut off data in flight.
        var closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (context.RequestAborted.Register(closed.SetResult))
        {
            await closed.Task;
        }

        context.Abort();
    }
}
