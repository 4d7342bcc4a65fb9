using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Threading.Channels;
using Gateway.Actors.Inspection;
using Gateway.Actors.Journal;
using Gateway.Actors.Surroundings;

namespace Gateway.Node.Admin;

/// <summary>
/// <c>GET /events</c>: events, as server-sent events. <c>?last=n</c> begins with the last n; a client that reconnects with Last-Event-ID gets the events it
/// missed, as far as they are kept. With <c>?endpoints=true</c> also changes of endpoints: events without an id, since a client that missed some reads all
/// endpoints again.
/// </summary>
internal sealed class EventStream(JournalFeed events, EndpointFeed endpoints, ReplicaInspector inspector, IReplica replica, TimeProvider clock)
{
    public const string ContentType = "text/event-stream";

    /// <summary>The query parameter that requests changes of endpoints.</summary>
    public const string Endpoints = "endpoints";

    /// <summary>The interval of comments, so that both sides notice a dead connection.</summary>
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(10);

    public async Task WriteAsync(HttpContext context, CancellationToken stopping)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stopping, context.RequestAborted);
        var response = context.Response;
        response.ContentType = ContentType;
        response.Headers.CacheControl = "no-store";
        List<IAsyncEnumerable<string>> sources = [EntriesAsync(After(context.Request), ending.Token), BeatsAsync(ending.Token)];
        if (context.Request.Query[Endpoints] == "true")
        {
            sources.Add(ChangesAsync(ending.Token));
        }

        // One item at a time: what a slow client has not taken waits in the feeds, which drop it beyond their limits.
        var pieces = Channel.CreateBounded<string>(1);
        var filling = Task.WhenAll(sources.Select(source => FillAsync(pieces.Writer, source, ending.Token)));
        try
        {
            await response.StartAsync(ending.Token);
            await foreach (var piece in pieces.Reader.ReadAllAsync(ending.Token))
            {
                await response.WriteAsync(piece, ending.Token);
            }
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // The client has left, or the process ends.
        }
        finally
        {
            await ending.CancelAsync();
            await filling.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static async Task FillAsync(ChannelWriter<string> pieces, IAsyncEnumerable<string> source, CancellationToken cancellation)
    {
        try
        {
            await foreach (var piece in source.WithCancellation(cancellation))
            {
                await pieces.WriteAsync(piece, cancellation);
            }
        }
        finally
        {
            // If one of them ends, all do: the client reconnects.
            pieces.TryComplete();
        }
    }

    private async IAsyncEnumerable<string> EntriesAsync(long after, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var entry in events.FollowAsync(after, cancellation))
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"id: {entry.Sequence}\n{TextOf(entry.Type, EventReport.Of(entry), AdminJson.Default.EventReport)}");
        }
    }

    private async IAsyncEnumerable<string> ChangesAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var changed in endpoints.FollowAsync(cancellation))
        {
            var listing = new EndpointListing(replica.GatewayId, clock.GetUtcNow(), inspector.Endpoints(changed));
            yield return TextOf("endpoints-changed", listing, AdminJson.Default.EndpointListing);
        }
    }

    private async IAsyncEnumerable<string> BeatsAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(Beat, clock);
        while (await timer.WaitForNextTickAsync(cancellation))
        {
            yield return ": beat\n\n";
        }
    }

    private static string TextOf<T>(string type, T data, JsonTypeInfo<T> json) => $"event: {type}\ndata: {JsonSerializer.Serialize(data, json)}\n\n";

    private long After(HttpRequest request)
    {
        return Number(request.Headers["Last-Event-ID"]) switch
        {
            null => events.Before(Number(request.Query["last"]) ?? 0),
            { } seen when events.HasHad(seen) => seen,
            _ => 0, // An id from before this replica's last start: everything is new.
        };
    }

    private static long? Number(string? text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
