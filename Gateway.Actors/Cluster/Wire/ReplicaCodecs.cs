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
                writer.Whole(ask.Size);
                writer.Optional(ask.Oldest, static (w, oldest) => w.Replica(oldest));
                writer.Whole(ask.Member);
            },
            static reader => reader.AtEnd ? new AskReplica(0, null, 0) : new AskReplica(reader.WholeInt(), reader.Optional(static r => r.Replica()), reader.Whole())),
        WireCodec.Of<ReplicaReport>(
            "rep1",
            static (writer, report) =>
            {
                writer.Text(report.Name);
                writer.Whole(report.Cluster.Size);
                writer.Optional(report.Cluster.Oldest, static (w, oldest) => w.Replica(oldest));
                writer.Bool(report.Cluster.KnowsReceiver);
                writer.Whole(report.Protocol);
            },
            static reader => new ReplicaReport(
                reader.Text(), new ClusterReport(reader.WholeInt(), reader.Optional(static r => r.Replica()), reader.Bool()), reader.AtEnd ? 1 : reader.WholeInt())),
    ];
}
