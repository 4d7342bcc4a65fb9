using Gateway.Actors.Cluster;
using Gateway.Actors.Cluster.Sharing;
using Gateway.Actors.Cluster.Wire;
using Gateway.Actors.Evidence;
using Gateway.Core.Breaking;
using Gateway.Core.Evidence;
using Gateway.Core.Health;
using Gateway.Core.Membership;
using Gateway.Core.Overrides;
using Gateway.Tests.Settings;

namespace Gateway.Tests.Cluster.Wire;

/// <summary>Release n reads messages of n + 1: see <see cref="WireProtocol"/>.</summary>
public sealed class WireVersionTests
{
    private static readonly WireSerializer Serializer = new(null!);
    private static readonly ReplicaId From = new("10.0.0.1:4053", 7);

    public static TheoryData<string> Manifests => [.. WireCodecs.All.Select(codec => codec.Manifest)];

    [Theory]
    [MemberData(nameof(Manifests))]
    public void A_message_of_the_next_version_says_what_this_one_understands_of_it(string manifest)
    {
        foreach (var example in WireExamples.All.Where(example => WireCodecs.Of(example).Manifest == manifest))
        {
            Assert.Equal(Dump.Of(example), Dump.Of(Received(Next(example))));
        }
    }

    [Theory]
    [InlineData(WireProtocol.Oldest - 1, false)]
    [InlineData(WireProtocol.Version, true)]
    [InlineData(WireProtocol.Version + 1, true)]
    [InlineData(WireProtocol.Version + 2, false)]
    public void Versions_fit_that_are_one_apart_at_most(int version, bool fit) => Assert.Equal(fit, WireProtocol.Fits(version));

    [Fact]
    public void A_message_that_only_the_next_version_has_is_passed_over()
    {
        var writer = new WireWriter();
        writer.Replica(From);
        writer.Text("new1");
        writer.Text("anything");
        Assert.Equal(new WireUnknown(From, "new1"), Serializer.FromBinary(writer.ToArray(), "env1"));
    }

    [Fact]
    public void Words_of_the_next_version_claim_nothing_here()
    {
        var told = new EvidenceSent(new(4, [new(TestEndpoints.Id(1), 5, new((Verdict)200, (BreakerPhase)201))]));
        var observation = Assert.Single(Assert.IsType<EvidenceSent>(Received(Next(told))).Edges.Entries).Observation;
        Assert.Equal(new Observation(Verdict.Unknown, BreakerPhase.Closed), observation);
    }

    [Fact]
    public void An_endpoint_that_only_the_next_version_can_have_leaves_no_hole_in_the_stream()
    {
        var writer = new WireWriter();
        writer.Replica(From);
        writer.Text("ee2");
        writer.SignedVarint(4);
        writer.Items([5, 6], static (w, sequence) =>
        {
            w.Text("default");
            w.Text(sequence == 5 ? "quic://10.0.0.1:1" : "http://10.0.0.1:1");
            w.SignedVarint(sequence);
            w.Byte((byte)Verdict.Healthy);
            w.Byte((byte)BreakerPhase.Closed);
            w.SignedVarint(0);
            w.SignedVarint(0);
            w.Time(TimeSpan.Zero);
            w.Text("");
        });
        var edges = Assert.IsType<EvidenceSent>(Received(writer.ToArray())).Edges;
        Assert.Equal((4, 6, 1), (edges.After, edges.Last, edges.Entries.Length));
        var stream = PeerStream.Unknown.Take(new SnapshotChunk(4, 0, 1, []), default).Take(edges, default);
        Assert.True(stream.Known);
        Assert.Equal(6, stream.Last);
    }

    [Fact]
    public void A_remark_of_the_next_version_is_kept_and_passed_on()
    {
        var remark = new Remark(new(3, 9), (RemarkKind)77, "someone", 4, "z");
        var data = new OverridesData(OverridePart.Empty.With(TestEndpoints.Id(1), new([remark]), remark.Stamp));
        var once = Assert.IsType<OverridesData>(Received(Next(data)));
        Assert.Equal(data, once);
        Assert.Equal(data, Received(Next(OverridesData.Empty.Merge(once))));
        var word = once.Part.Words[TestEndpoints.Id(1)];
        Assert.Equal((false, null, null, false), (word.Removed, word.Added, word.Weight, word.Draining));
    }

    [Fact]
    public void Questions_and_answers_of_the_version_before_are_understood()
    {
        Assert.Equal(new AskReplica(0, null, 0), Serializer.FromBinary([], "ask1"));
        var writer = new WireWriter();
        writer.Text("gateway-1");
        writer.SignedVarint(3);
        writer.Optional<ReplicaId>(From, static (w, oldest) => w.Replica(oldest));
        writer.Bool(true);
        Assert.Equal(new ReplicaReport("gateway-1", new(3, From, KnowsReceiver: true), Protocol: 1), Serializer.FromBinary(writer.ToArray(), "rep1"));
    }

    private static object Received(byte[] envelope) => Assert.IsType<WireEnvelope>(Serializer.FromBinary(envelope, "env1")).Message;

    /// <summary>The message as a replica of the next version may write it: with additions at its end and at the end of every item.</summary>
    private static byte[] Next(IWireMessage message)
    {
        var (codec, writer) = (WireCodecs.Of(message), new NextVersionWriter());
        writer.Replica(From);
        writer.Text(codec.Manifest);
        codec.Write(writer, message);
        writer.Text("more of the next version");
        return writer.ToArray();
    }
}
