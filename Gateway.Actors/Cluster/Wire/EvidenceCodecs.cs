using System.Collections.Immutable;
using Gateway.Actors.Evidence;
using Gateway.Core.Breaking;
using Gateway.Core.Evidence;
using Gateway.Core.Health;

namespace Gateway.Actors.Cluster.Wire;

/// <summary>Codecs of the evidence messages.</summary>
internal static class EvidenceCodecs
{
    public static IReadOnlyList<WireCodec> All { get; } =
    [
        WireCodec.Of<SendEvidence>("sev1", static (_, _) => { }, static _ => new SendEvidence()),
        WireCodec.Of<EvidenceBeat>("eb1", static (writer, beat) => writer.Whole(beat.Last), static reader => new EvidenceBeat(reader.Whole())),
        WireCodec.Of<EvidenceSent>(
            "ee2",
            static (writer, sent) =>
            {
                writer.Whole(sent.Edges.After);
                writer.Items(sent.Edges.Observations, WriteObservation);
            },
            static reader =>
            {
                var (after, observations) = (reader.Whole(), reader.Items(ReadObservation));
                var known = observations.OfType<Observation>().ToImmutableArray();
                return new EvidenceSent(new(after, known) { Unknown = observations.Length - known.Length });
            }),
        WireCodec.Of<EvidenceSnapshot>(
            "es2",
            static (writer, snapshot) =>
            {
                writer.Whole(snapshot.Chunk.Last);
                writer.Whole(snapshot.Chunk.Index);
                writer.Whole(snapshot.Chunk.Count);
                writer.Items(snapshot.Chunk.Observations, WriteObservation);
            },
            static reader => new EvidenceSnapshot(
                new(reader.Whole(), reader.WholeInt(), reader.WholeInt(), [.. reader.Items(ReadObservation).OfType<Observation>()]))),
    ];

    private static void WriteObservation(WireWriter writer, Observation observation)
    {
        writer.Endpoint(observation.Endpoint);
        writer.Whole(observation.Sequence);
        writer.Byte((byte)observation.Sight.Verdict);
        writer.Byte((byte)observation.Sight.Breaker);
        writer.Whole(observation.Report);
        writer.Whole(observation.Verified);
        writer.Time(observation.Age);
        writer.Text(observation.Why);
    }

    /// <summary>Reads an observation; null if this version cannot represent its endpoint.</summary>
    private static Observation? ReadObservation(WireReader reader) => reader.EndpointIfKnown() is not { } endpoint ? null : new(
        endpoint,
        reader.Whole(),
        new(reader.Word(Verdict.Unknown), reader.Word(BreakerPhase.Closed)),
        reader.Whole(),
        reader.Whole(),
        reader.Time(),
        reader.Text());
}
