using System.Globalization;
using Gateway.Actors.Inspection;
using Gateway.Core.Breaking;
using Gateway.Core.Commands;
using Gateway.Core.Evidence;
using Gateway.Core.Health;

namespace Gateway.Actors.Commands;

/// <summary>All that is known of one endpoint: what it is, whether and why it is picked, and what each replica says of it.</summary>
internal static class EndpointStory
{
    public static IEnumerable<CommandOutput> Of(EndpointReport endpoint)
    {
        yield return new CommandOutput.Table([new("what", "WHAT", Width: 14), new("value", "VALUE")]);
        foreach (var (what, value) in Facts(endpoint))
        {
            yield return new CommandOutput.Row([what, value]);
        }

        yield return new CommandOutput.Line("");
        yield return new CommandOutput.Table(
        [
            new("replica", "REPLICA"), new("zone", "ZONE"), new("opinion", "OPINION"), new("verdict", "VERDICT"), new("breaker", "BREAKER"),
            new("ageSeconds", "AGE", CellFormat.Seconds), new("fresh", "FRESH"), new("why", "WHY"),
        ]);
        foreach (var opinion in endpoint.Opinions)
        {
            yield return new CommandOutput.Row(
            [
                opinion.Replica + (opinion.Self ? " (this one)" : ""), opinion.Zone, opinion.Opinion.Name(),
                opinion.Verdict.Name(), opinion.Breaker.Name(), opinion.AgeSeconds, opinion.Fresh, opinion.Why,
            ]);
        }
    }

    private static IEnumerable<(string What, string Value)> Facts(EndpointReport endpoint)
    {
        yield return ("id", endpoint.Id);
        yield return ("zone", endpoint.Zone ?? "-");
        yield return ("weight", Number(endpoint.Weight));
        yield return ("source", endpoint.Source.Name());
        yield return ("state", $"{endpoint.State.Name()}: {endpoint.Reason}");
        yield return ("verdict", endpoint.Verdict.Name());
        yield return ("breaker", BreakerText(endpoint.Breaker));
        yield return ("last probe", endpoint.LastProbe is { } probe ? ProbeText(probe) : "none");
        yield return ("in flight", Number(endpoint.InFlight));
        yield return ("traffic", TrafficText(endpoint.Attempts));
        yield return ("connections", $"{Number(endpoint.OpenConnections)} open, {Number(endpoint.ConnectionsCreated)} made");
    }

    private static string BreakerText(BreakerReport breaker)
    {
        var text = $"{breaker.Phase.Name()}, epoch {Number(breaker.Epoch)}";
        return breaker switch
        {
            { OpenForSeconds: { } seconds } => $"{text}, {Seconds(seconds)} left, {Number(breaker.FailedTrials)} failed trials",
            { Phase: BreakerPhase.HalfOpen } => $"{text}, {Number(breaker.TrialsOut)} trials out",
            { Failures: > 0 } => $"{text}, {Number(breaker.Failures)} failures in a row",
            _ => text,
        };
    }

    private static string ProbeText(ProbeReport probe) =>
        $"{(probe.Passed ? "passed" : "failed")} {Seconds(probe.AgeSeconds)} ago in {Milliseconds(probe.LatencyMs)}" +
        (probe.Detail.Length > 0 ? $": {probe.Detail}" : "");

    private static string TrafficText(TrafficReport traffic) =>
        $"{Rate(traffic.PerSecond)}/s, {Rate(traffic.ErrorsPerSecond)} errors/s, {Rate(traffic.RetriesPerSecond)} retried/s" +
        (traffic is { P50Ms: { } p50, P99Ms: { } p99 } ? $", p50 {Milliseconds(p50)}, p99 {Milliseconds(p99)}" : "");

    private static string Number(double number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Rate(double number) => ((Cell)number).Show(CellFormat.Rate);

    private static string Seconds(double number) => ((Cell)number).Show(CellFormat.Seconds);

    private static string Milliseconds(double number) => ((Cell)number).Show(CellFormat.Milliseconds) + " ms";
}
