using System.Globalization;

namespace Gateway.Rig;

/// <summary>Reads the metrics of one replica repeatedly, over one connection.</summary>
/// <param name="say">Receives a line for each change, with the time at which that reading began.</param>
internal sealed class Watch(string replica, Uri metrics, IReadOnlyList<Series> series, TimeProvider clock, Action<string> say)
{
    public async Task RunAsync(TimeSpan every, CancellationToken cancellation)
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromSeconds(2) };
        using var tick = new PeriodicTimer(every, clock);
        var last = new double?[series.Count];
        try
        {
            do
            {
                var now = Load.Now(clock);
                var scrape = await ScrapeAsync(client, cancellation);
                for (var i = 0; i < series.Count; i++)
                {
                    var value = series[i].SumIn(scrape);
                    if (value != last[i])
                    {
                        say($"{now} {replica} {series[i].Text} {value?.ToString(CultureInfo.InvariantCulture) ?? "-"}");
                    }

                    last[i] = value;
                }
            }
            while (await tick.WaitForNextTickAsync(cancellation));
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The time is over.
        }
    }

    /// <summary>Reads the metrics; empty while the replica is down.</summary>
    private async Task<string> ScrapeAsync(HttpClient client, CancellationToken cancellation)
    {
        try
        {
            return await client.GetStringAsync(metrics, cancellation);
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested && e is HttpRequestException or OperationCanceledException)
        {
            return "";
        }
    }
}
