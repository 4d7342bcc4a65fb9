using System.CommandLine;

namespace Gateway.Rig;

/// <summary><c>rig watch</c>: metrics of several replicas, a line per change: <c>MILLISECONDS REPLICA SERIES VALUE</c>.</summary>
internal static class WatchCommand
{
    public static Command Create()
    {
        var replicas = new Option<string[]>("--replica") { Description = "NAME=URL of the replica's metrics", Required = true, AllowMultipleArgumentsPerToken = true };
        var series = new Option<string[]>("--series")
        {
            Description = "name of a metric, or NAME@TEXT for its series whose labels contain that text; several are added up",
            Required = true,
            AllowMultipleArgumentsPerToken = true,
        };
        var every = new Option<int>("--every-ms") { Description = "interval in milliseconds", DefaultValueFactory = _ => 10 };
        var seconds = new Option<double>("--seconds") { Description = "duration in seconds", DefaultValueFactory = _ => 3600 };
        var command = new Command("watch", "Watch metrics of several replicas; print a line whenever one changes.") { replicas, series, every, seconds };
        command.SetAction(async (parsed, cancellation) =>
        {
            using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            end.CancelAfter(TimeSpan.FromSeconds(parsed.GetValue(seconds)));
            var lines = TextWriter.Synchronized(Console.Out);
            var wanted = parsed.GetValue(series)!.Select(Series.Parse).ToList();
            await Task.WhenAll(parsed.GetValue(replicas)!.Select(replica => new Watch(
                    replica.Split('=')[0], new Uri(replica[(replica.IndexOf('=', StringComparison.Ordinal) + 1)..]), wanted, TimeProvider.System, lines.WriteLine)
                .RunAsync(TimeSpan.FromMilliseconds(parsed.GetValue(every)), end.Token)));
            return 0;
        });
        return command;
    }
}
