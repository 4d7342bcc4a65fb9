using Gateway.Actors.Inspection;
using Gateway.Actors.Surveys;
using Gateway.Core.Breaking;
using Gateway.Core.Health;
using Gateway.Core.Outcomes;

namespace Gateway.Actors.Cluster.Wire;

/// <summary>Codecs of the survey messages for operators.</summary>
internal static class SurveyCodecs
{
    public static IReadOnlyList<WireCodec> All { get; } =
    [
        WireCodec.Of<AskAccount>(
            "acq1",
            static (writer, ask) =>
            {
                writer.Endpoint(ask.Endpoint);
                writer.Whole(ask.Question);
            },
            static reader => new AskAccount(reader.Endpoint(), reader.Whole())),
        WireCodec.Of<AccountGiven>(
            "acc1",
            static (writer, given) =>
            {
                writer.Whole(given.Question);
                writer.Optional(given.Account, Write);
            },
            static reader => new AccountGiven(reader.Whole(), reader.OptionalOf(Read))),
    ];

    private static void Write(WireWriter writer, EndpointAccount account)
    {
        writer.Byte((byte)account.State);
        writer.Text(account.Reason);
        writer.Byte((byte)account.Verdict);
        writer.Byte((byte)account.Breaker.Phase);
        writer.Whole(account.Breaker.Epoch);
        writer.Whole(account.Breaker.Failures);
        writer.Whole(account.Breaker.TrialsOut);
        writer.Whole(account.Breaker.FailedTrials);
        writer.Optional(account.Breaker.OpenForSeconds, static (w, seconds) => w.Real(seconds));
        writer.Optional(account.LastProbe, static (w, probe) =>
        {
            w.Bool(probe.Passed);
            w.Real(probe.LatencyMs);
            w.Real(probe.AgeSeconds);
            w.Text(probe.Detail);
        });
        writer.Whole(account.InFlight);
        writer.Bool(account.Draining);
        writer.Real(account.PerSecond);
        writer.Real(account.ErrorsPerSecond);
        writer.Real(account.Answers.ClientErrors);
        writer.Real(account.Answers.ServerErrors);
        writer.Optional(account.LastFailure, static (w, failure) =>
        {
            w.Byte((byte)failure.Reason);
            w.Whole(failure.Status);
            w.Text(failure.Detail);
            w.Real(failure.AgeSeconds);
        });
    }

    private static EndpointAccount Read(WireReader reader)
    {
        var account = ReadFirstVersion(reader);
        return reader.AtEnd
            ? account
            : account with
            {
                Answers = (reader.Real(), reader.Real()),
                LastFailure = reader.OptionalOf(static r => new FailureReport(r.Word(FailureReason.None), r.WholeInt(), r.Text(), r.Real())),
            };
    }

    /// <summary>Reads the fields written by versions up to 0.1.0, which end here.</summary>
    private static EndpointAccount ReadFirstVersion(WireReader reader) => new(
        reader.Word(EndpointState.Suspect),
        reader.Text(),
        reader.Word(Verdict.Unknown),
        new(
            reader.Word(BreakerPhase.Closed),
            unchecked((uint)reader.Whole()),
            reader.WholeInt(),
            reader.WholeInt(),
            reader.WholeInt(),
            reader.Optional(static r => r.Real())),
        reader.OptionalOf(static r => new ProbeReport(r.Bool(), r.Real(), r.Real(), r.Text())),
        reader.WholeInt(),
        reader.Bool(),
        reader.Real(),
        reader.Real());
}
