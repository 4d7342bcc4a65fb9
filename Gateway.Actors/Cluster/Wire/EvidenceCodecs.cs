using Gateway.Actors.Evidence;
using Gateway.Core.Breaking;
using Gateway.Core.Evidence;
using Gateway.Core.Health;

namespace Gateway.Actors.Cluster.Wire;

/// <summary>The messages by which replicas tell each other what they see of endpoints.</summary>
internal static class EvidenceCodecs
{
    public static IReadOnlyList<WireCodec> All { get; } =
    [
        WireCodec.Of<SendEvidence>("sev1", static (_, _) => { }, static _ => new SendEvidence()),
        WireCodec.Of<EvidenceBeat>("eb1", static (writer, beat) => writer.Whole(beat.Last), static reader => new EvidenceBeat(reader.Whole())),
        WireCodec.Of<EvidenceSent>(
            "ee1",
            static (writer, sent) =>
            {
                writer.Whole(sent.Edges.After);
                writer.List(sent.Edges.Observations, WriteObservation);
            },
            static reader => new EvidenceSent(new(reader.Whole(), reader.List(ReadObservation)))),
        WireCodec.Of<EvidenceSnapshot>(
            "es1",
            static (writer, snapshot) =>
            {
                writer.Whole(snapshot.Chunk.Last);
                writer.Whole(snapshot.Chunk.Index);
                writer.Whole(snapshot.Chunk.Count);
                writer.List(snapshot.Chunk.Observations, WriteObservation);
            },
            static reader => new EvidenceSnapshot(new(reader.Whole(), reader.WholeInt(), reader.WholeInt(), reader.List(ReadObservation)))),
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

    private static Observation ReadObservation(WireReader reader) => new(
        reader.Endpoint(),
        reader.Whole(),
        new(reader.Word<Verdict>(), reader.Word<BreakerPhase>()),
        reader.Whole(),
        reader.Whole(),
        reader.Time(),
        reader.Text());
}
