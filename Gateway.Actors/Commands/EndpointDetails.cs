using Gateway.Actors.Inspection;
using Gateway.Actors.Surveys;
using Gateway.Core.Breaking;
using Gateway.Core.Commands;
using Gateway.Core.Evidence;
using Gateway.Core.Health;

namespace Gateway.Actors.Commands;

/// <summary>Everything known of one endpoint: its settings, each replica's decision with its reason, and each replica's evidence.</summary>
internal static class EndpointDetails
{
    public static IEnumerable<CommandOutput> Of(EndpointReport endpoint, EndpointSurvey survey)
    {
        var common = CommonView.Of(endpoint);
        yield return new CommandOutput.Table(
        [
            new("id", "ENDPOINT"), new("zone", "ZONE"), new("weight", "WEIGHT", CellFormat.Count), new("priority", "PRIO", CellFormat.Count),
            new("source", "SOURCE"), new("state", "STATE"), new("verdict", "VERDICT"), new("breaker", "BREAKER"),
        ]);
        yield return new CommandOutput.Row(
            [endpoint.Id, endpoint.Zone, endpoint.Weight, endpoint.Priority, endpoint.Source.Name(), common.State, common.Verdict, common.Breaker]);
        foreach (var output in StateTable(survey).Concat(OpinionTable(endpoint)))
        {
            yield return output;
        }
    }

    private static IEnumerable<CommandOutput> StateTable(EndpointSurvey survey)
    {
        yield return new CommandOutput.Line("");
        yield return new CommandOutput.Table(
        [
            new("replica", "REPLICA"), new("zone", "ZONE"), new("state", "STATE"), new("breaker", "BREAKER"), new("epoch", "EPOCH", CellFormat.Count),
            new("failures", "FAILURES", CellFormat.Count), new("trialsOut", "TRIALS", CellFormat.Count), new("failedTrials", "FAILED", CellFormat.Count),
            new("openForSeconds", "LEFT", CellFormat.Seconds), new("inFlight", "IN FLIGHT", CellFormat.Count), new("perSecond", "REQ/S", CellFormat.Rate),
            new("errorsPerSecond", "FAIL/S", CellFormat.Rate), new("clientErrorsPerSecond", "4XX/S", CellFormat.Rate), new("serverErrorsPerSecond", "5XX/S", CellFormat.Rate),
            new("lastFailure", "LAST FAILURE"), new("failureAgeSeconds", "AGO", CellFormat.Seconds), new("probe", "LAST PROBE"), new("probeAgeSeconds", "AGO", CellFormat.Seconds), new("reason", "REASON"),
        ]);
        foreach (var replica in survey.Accounts)
        {
            yield return replica.Account is { } account
                ? new CommandOutput.Row(
                [
                    replica.Replica, replica.Zone, account.State.Name(), account.Breaker.Phase.Name(), account.Breaker.Epoch, account.Breaker.Failures,
                    account.Breaker.TrialsOut, account.Breaker.FailedTrials, account.Breaker.OpenForSeconds, account.InFlight, account.PerSecond,
                    account.ErrorsPerSecond, account.Answers.ClientErrors, account.Answers.ServerErrors, account.LastFailure?.Text,
                    account.LastFailure?.AgeSeconds, ProbeText(account.LastProbe), account.LastProbe?.AgeSeconds, account.Reason,
                ])
                : new CommandOutput.Row([replica.Replica, replica.Zone, Missing(replica), .. Enumerable.Repeat(default(Cell), 16)]);
        }
    }

    private static IEnumerable<CommandOutput> OpinionTable(EndpointReport endpoint)
    {
        yield return new CommandOutput.Line("");
        yield return new CommandOutput.Table(
        [
            new("replica", "REPLICA"), new("opinion", "OPINION"), new("verdict", "VERDICT"), new("breaker", "BREAKER"), new("fresh", "FRESH"),
            new("ageSeconds", "FOR", CellFormat.Seconds), new("why", "WHY"),
        ]);
        foreach (var opinion in endpoint.Opinions)
        {
            yield return new CommandOutput.Row(
            [
                opinion.Replica, opinion.Opinion.Name(), opinion.Verdict.Name(), opinion.Breaker.Name(), opinion.Fresh, opinion.AgeSeconds, opinion.Why,
            ]);
        }
    }

    private static string Missing(ReplicaAccount replica) => replica switch
    {
        { Reachable: false } => "unreachable",
        { Answered: false } => "does not answer",
        _ => "not there",
    };

    private static string? ProbeText(ProbeReport? probe) => probe is null ? null
        : $"{(probe.Passed ? "passed" : "failed")} in {((Cell)probe.LatencyMs).Show(CellFormat.Milliseconds)} ms{(probe.Detail.Length > 0 ? $": {probe.Detail}" : "")}";
}
