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
        WireCodec.Of<EvidenceBeat>("eb1", static (writer, beat) => writer.SignedVarint(beat.Last), static reader => new EvidenceBeat(reader.SignedVarint())),
        WireCodec.Of<EvidenceSent>(
            "ee2",
            static (writer, sent) =>
            {
                writer.SignedVarint(sent.Edges.After);
                writer.Items(sent.Edges.Entries, WriteEntry);
            },
            static reader =>
            {
                var (after, entries) = (reader.SignedVarint(), reader.Items(ReadEntry));
                var known = entries.OfType<EvidenceEntry>().ToImmutableArray();
                return new EvidenceSent(new(after, known) { Unknown = entries.Length - known.Length });
            }),
        WireCodec.Of<EvidenceSnapshot>(
            "es2",
            static (writer, snapshot) =>
            {
                writer.SignedVarint(snapshot.Chunk.Last);
                writer.SignedVarint(snapshot.Chunk.Index);
                writer.SignedVarint(snapshot.Chunk.Count);
                writer.Items(snapshot.Chunk.Entries, WriteEntry);
            },
            static reader => new EvidenceSnapshot(
                new(reader.SignedVarint(), reader.SignedVarint32(), reader.SignedVarint32(), [.. reader.Items(ReadEntry).OfType<EvidenceEntry>()]))),
    ];

    private static void WriteEntry(WireWriter writer, EvidenceEntry entry)
    {
        writer.Endpoint(entry.Endpoint);
        writer.SignedVarint(entry.Sequence);
        writer.Byte((byte)entry.Observation.Verdict);
        writer.Byte((byte)entry.Observation.Breaker);
        writer.SignedVarint(entry.Report);
        writer.SignedVarint(entry.Verified);
        writer.Time(entry.Age);
        writer.Text(entry.Why);
    }

    /// <summary>Reads an entry; null if this version cannot represent its endpoint.</summary>
    private static EvidenceEntry? ReadEntry(WireReader reader) => reader.EndpointIfKnown() is not { } endpoint ? null : new(
        endpoint,
        reader.SignedVarint(),
        new(reader.Word(Verdict.Unknown), reader.Word(BreakerPhase.Closed)),
        reader.SignedVarint(),
        reader.SignedVarint(),
        reader.Time(),
        reader.Text());
}
