using System.Globalization;
using System.Text;
using System.Text.Json;
using Gateway.Actors.Journal;

namespace Gateway.Node.Admin;

/// <summary>
/// <c>GET /events</c>: what happens, as server-sent events. <c>?last=n</c> begins with the last n; a client that comes back with
/// Last-Event-ID gets what it has missed, as far as it is kept.
/// </summary>
internal sealed class EventStream(JournalFeed events, TimeProvider clock)
{
    public const string ContentType = "text/event-stream";

    /// <summary>A comment is sent when nothing has happened for so long, so that both sides notice a dead connection.</summary>
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(10);

    public async Task WriteAsync(HttpContext context, CancellationToken stopping)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stopping, context.RequestAborted);
        var response = context.Response;
        response.ContentType = ContentType;
        response.Headers.CacheControl = "no-store";
        try
        {
            await response.StartAsync(ending.Token);
            await using var following = events.FollowAsync(After(context.Request), ending.Token).GetAsyncEnumerator(ending.Token);
            await WriteAllAsync(response, following, ending);
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // The client has left, or the process ends.
        }
    }

    private async Task WriteAllAsync(HttpResponse response, IAsyncEnumerator<JournalEntry> following, CancellationTokenSource ending)
    {
        var next = following.MoveNextAsync().AsTask();
        try
        {
            while (true)
            {
                var beat = Task.Delay(Beat, clock, ending.Token);
                await response.WriteAsync(await Task.WhenAny(next, beat) == beat ? ": beat\n\n" : TextOf(following.Current), ending.Token);
                if (next.IsCompleted)
                {
                    next = following.MoveNextAsync().AsTask();
                }
            }
        }
        finally
        {
            // An iterator must not be disposed of while it is waiting.
            await ending.CancelAsync();
            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static string TextOf(JournalEntry entry)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"id: {entry.Sequence}\nevent: {entry.Type}\ndata: ");
        text.Append(JsonSerializer.Serialize(EventReport.Of(entry), AdminJson.Default.EventReport));
        return text.Append("\n\n").ToString();
    }

    private long After(HttpRequest request)
    {
        return Number(request.Headers["Last-Event-ID"]) switch
        {
            null => events.Before(Number(request.Query["last"]) ?? 0),
            { } seen when events.HasHad(seen) => seen,
            _ => 0, // An id of this replica's life before its last start: all is new.
        };
    }

    private static long? Number(string? text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
