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
                writer.SignedVarint(ask.Question);
            },
            static reader => new AskAccount(reader.Endpoint(), reader.SignedVarint())),
        WireCodec.Of<AccountGiven>(
            "acc1",
            static (writer, given) =>
            {
                writer.SignedVarint(given.Question);
                writer.Optional(given.Account, Write);
            },
            static reader => new AccountGiven(reader.SignedVarint(), reader.OptionalOf(Read))),
    ];

    private static void Write(WireWriter writer, EndpointAccount account)
    {
        writer.Byte((byte)account.State);
        writer.Text(account.Reason);
        writer.Byte((byte)account.Verdict);
        writer.Byte((byte)account.Breaker.Phase);
        writer.SignedVarint(account.Breaker.Epoch);
        writer.SignedVarint(account.Breaker.Failures);
        writer.SignedVarint(account.Breaker.TrialsOut);
        writer.SignedVarint(account.Breaker.FailedTrials);
        writer.Optional(account.Breaker.OpenForSeconds, static (w, seconds) => w.Binary64(seconds));
        writer.Optional(account.LastProbe, static (w, probe) =>
        {
            w.Bool(probe.Passed);
            w.Binary64(probe.LatencyMs);
            w.Binary64(probe.AgeSeconds);
            w.Text(probe.Detail);
        });
        writer.SignedVarint(account.InFlight);
        writer.Bool(account.Draining);
        writer.Binary64(account.PerSecond);
        writer.Binary64(account.ErrorsPerSecond);
        writer.Binary64(account.Answers.ClientErrors);
        writer.Binary64(account.Answers.ServerErrors);
        writer.Optional(account.LastFailure, static (w, failure) =>
        {
            w.Byte((byte)failure.Reason);
            w.SignedVarint(failure.Status);
            w.Text(failure.Detail);
            w.Binary64(failure.AgeSeconds);
        });
    }

    private static EndpointAccount Read(WireReader reader)
    {
        var account = ReadFirstVersion(reader);
        return reader.AtEnd
            ? account
            : account with
            {
                Answers = (reader.Binary64(), reader.Binary64()),
                LastFailure = reader.OptionalOf(static r => new FailureReport(r.Word(FailureReason.None), r.SignedVarint32(), r.Text(), r.Binary64())),
            };
    }

    /// <summary>Reads the fields written by versions up to 0.1.0, which end here.</summary>
    private static EndpointAccount ReadFirstVersion(WireReader reader) => new(
        reader.Word(EndpointState.Suspect),
        reader.Text(),
        reader.Word(Verdict.Unknown),
        new(
            reader.Word(BreakerPhase.Closed),
            unchecked((uint)reader.SignedVarint()),
            reader.SignedVarint32(),
            reader.SignedVarint32(),
            reader.SignedVarint32(),
            reader.Optional(static r => r.Binary64())),
        reader.OptionalOf(static r => new ProbeReport(r.Bool(), r.Binary64(), r.Binary64(), r.Text())),
        reader.SignedVarint32(),
        reader.Bool(),
        reader.Binary64(),
        reader.Binary64());
}
