using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Net;

namespace Gateway.Rig.Streams;

/// <summary><c>rig streams</c>: long-lived gRPC streams and WebSockets; at the end their backend may be killed. Prints a line every ten seconds.</summary>
internal static class StreamsCommand
{
    private static readonly TimeSpan CheckInterval = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan BetweenLines = TimeSpan.FromSeconds(10);

    /// <summary>How long ends after the kill are counted.</summary>
    private static readonly TimeSpan AfterKill = TimeSpan.FromSeconds(5);

    public static Command Create()
    {
        var plain = new Option<string>("--gateway") { Description = "address and port of the replica for HTTP/1.1", Required = true };
        var http2 = new Option<string>("--gateway-http2") { Description = "address and port for HTTP/2", Required = true };
        var calls = new Option<int>("--calls") { Description = "number of bidirectional gRPC streams", DefaultValueFactory = _ => 500 };
        var sockets = new Option<int>("--sockets") { Description = "number of WebSockets over HTTP/1.1, and of those over HTTP/2", DefaultValueFactory = _ => 250 };
        var seconds = new Option<double>("--seconds") { Description = "duration in seconds, once all are open", DefaultValueFactory = _ => 600 };
        var pause = new Option<double>("--pause-ms") { Description = "pause between two messages of a stream in milliseconds", DefaultValueFactory = _ => 500 };
        var kill = new Option<int>("--kill") { Description = "process id of a backend to kill at the end; 0: none", DefaultValueFactory = _ => 0 };
        var command = new Command("streams", "Long-lived gRPC streams and WebSockets.") { plain, http2, calls, sockets, seconds, pause, kill };
        command.SetAction(async (parsed, cancellation) =>
        {
            using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            var tally = new StreamTally(TimeProvider.System);
            var clients = new StreamClients(
                new($"http://{parsed.GetValue(plain)}"), new($"http://{parsed.GetValue(http2)}"), TimeSpan.FromMilliseconds(parsed.GetValue(pause)), tally, end.Token);
            var wanted = parsed.GetValue(calls) + (2 * parsed.GetValue(sockets));
            var all = Task.WhenAll(
                clients.CallAsync(parsed.GetValue(calls)), clients.SocketAsync(parsed.GetValue(sockets), HttpVersion.Version11),
                clients.SocketAsync(parsed.GetValue(sockets), HttpVersion.Version20));
            await UntilAsync(() => tally.Open + tally.Cut >= wanted, TimeSpan.FromMinutes(1), tally, cancellation);
            if (tally.Open != wanted)
            {
                Console.WriteLine($"not all open: {tally.Open} of {wanted}. {tally}");
                await end.CancelAsync();
                return 1;
            }

            Console.WriteLine($"all open. {tally}");
            await UntilAsync(() => tally.Cut > 0, TimeSpan.FromSeconds(parsed.GetValue(seconds)), tally, cancellation);
            var cut = tally.Cut;
            Console.WriteLine($"cut before the end: {cut}. {tally}");
            if (parsed.GetValue(kill) is > 0 and var backend && cut == 0)
            {
                using var process = Process.GetProcessById(backend);
                var killed = tally.Now;
                process.Kill();
                await UntilAsync(() => false, AfterKill, tally, cancellation);
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture, $"killed a backend: {tally.Cut} streams ended, {tally.OtherStatuses} calls of them otherwise than UNAVAILABLE, the last after {(tally.LastCut - killed).TotalMilliseconds:F0} ms. {tally}"));
                cut = tally is { Cut: > 0, OtherStatuses: 0 } && tally.LastCut - killed < TimeSpan.FromSeconds(1) ? 0 : 1;
            }

            await end.CancelAsync();
            await all;
            return cut > 0 ? 1 : 0;
        });
        return command;
    }

    private static async Task UntilAsync(Func<bool> isSo, TimeSpan max, StreamTally tally, CancellationToken cancellation)
    {
        var (until, next) = (tally.Now + max, tally.Now + BetweenLines);
        while (!isSo() && tally.Now < until && !cancellation.IsCancellationRequested)
        {
            await Task.Delay(CheckInterval, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (tally.Now >= next)
            {
                Console.WriteLine(tally);
                next += BetweenLines;
            }
        }
    }
}
