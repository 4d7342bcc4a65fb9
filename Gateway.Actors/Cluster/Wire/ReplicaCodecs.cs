using Gateway.Core.Membership;

namespace Gateway.Actors.Cluster.Wire;

/// <summary>Codecs of the messages by which replicas discover each other.</summary>
internal static class ReplicaCodecs
{
    public static IReadOnlyList<WireCodec> All { get; } =
    [
        WireCodec.Of<AskReplica>(
            "ask1",
            static (writer, ask) =>
            {
                writer.SignedVarint(ask.Size);
                writer.Optional(ask.Oldest, static (w, oldest) => w.Replica(oldest));
                writer.SignedVarint(ask.Member);
            },
            static reader => reader.AtEnd ? new AskReplica(0, null, 0) : new AskReplica(reader.SignedVarint32(), reader.Optional(static r => r.Replica()), reader.SignedVarint())),
        WireCodec.Of<ReplicaReport>(
            "rep1",
            static (writer, report) =>
            {
                writer.Text(report.Name);
                writer.SignedVarint(report.Cluster.Size);
                writer.Optional(report.Cluster.Oldest, static (w, oldest) => w.Replica(oldest));
                writer.Bool(report.Cluster.KnowsReceiver);
                writer.SignedVarint(report.Protocol);
            },
            static reader => new ReplicaReport(
                reader.Text(), new ClusterReport(reader.SignedVarint32(), reader.Optional(static r => r.Replica()), reader.Bool()), reader.AtEnd ? 1 : reader.SignedVarint32())),
    ];
}
