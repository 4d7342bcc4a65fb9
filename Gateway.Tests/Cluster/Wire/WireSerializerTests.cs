using System.Runtime.Serialization;
using CsCheck;
using Gateway.Actors.Analytics;
using Gateway.Actors.Cluster;
using Gateway.Actors.Cluster.Wire;
using Gateway.Actors.Evidence;
using Gateway.Actors.Surveys;
using Gateway.Core.Analytics;
using Gateway.Core.Membership;
using Gateway.Tests.Settings;

namespace Gateway.Tests.Cluster.Wire;

public sealed class WireSerializerTests
{
    private static readonly WireSerializer Serializer = new(null!);
    private static readonly ReplicaId From = new("10.0.0.1:4053", 1234567890);

    private static readonly string[] Manifests = [.. WireCodecs.All.Select(codec => codec.Manifest), "env1", "none"];

    public static TheoryData<string> Types => [.. WireTypes().Select(type => type.FullName!)];

    [Theory]
    [MemberData(nameof(Types))]
    public void Every_type_that_crosses_nodes_is_read_as_it_was_written(string type)
    {
        var examples = WireExamples.All.Where(example => example.GetType().FullName == type).ToList();
        Assert.NotEmpty(examples);
        Assert.All(examples, example =>
        {
            var manifest = Serializer.Manifest(example);
            Assert.Equal(Dump.Of(example), Dump.Of(Serializer.FromBinary(Serializer.ToBinary(example), manifest)));

            var sent = new WireEnvelope(From, example);
            var received = Assert.IsType<WireEnvelope>(Serializer.FromBinary(Serializer.ToBinary(sent), Serializer.Manifest(sent)));
            Assert.Equal((From, Dump.Of(example)), (received.From, Dump.Of(received.Message)));
        });
    }

    [Fact]
    public void Every_manifest_is_short_versioned_and_given_once()
    {
        Assert.All(WireCodecs.All, codec => Assert.Matches("^[a-z]{2,4}[1-9]$", codec.Manifest));
        Assert.Equal(WireCodecs.All.Count, WireCodecs.All.Select(codec => codec.Manifest).Append("env1").Distinct().Count() - 1);
        Assert.InRange(Serializer.Identifier, 101, int.MaxValue);
    }

    [Fact]
    public void Bytes_that_hold_no_message_end_in_an_error_of_serialization() =>
        Gen.Select(Gen.Int[0, Manifests.Length - 1].Select(i => Manifests[i]), Gen.Byte.Array[0, 60]).Sample((manifest, bytes) =>
        {
            try
            {
                Serializer.FromBinary(bytes, manifest);
            }
            catch (SerializationException)
            {
                // The only one that remoting ignores.
            }
        });

    [Fact]
    public void A_sender_without_a_cluster_address_is_refused()
    {
        foreach (var address in new[] { "", "foo", "foo:", "foo:0", "foo:65536", ":1", "foo:-1", "foo:1x" })
        {
            var envelope = new WireEnvelope(new(address, 1), new EvidenceBeat(1));
            Assert.Throws<SerializationException>(() => Serializer.FromBinary(Serializer.ToBinary(envelope), "env1"));
        }
    }

    [Theory]
    [InlineData(-1, 0, 0, 0)]
    [InlineData(60, double.NaN, 0, 0)]
    [InlineData(60, double.PositiveInfinity, 0, 0)]
    [InlineData(60, 1e300, 0, 0)]
    [InlineData(60, -0.1, 0, 0)]
    [InlineData(60, 1, -1, 0)]
    [InlineData(60, 1, long.MaxValue, 0)]
    [InlineData(60, 1, 1, -1)]
    public void Analytics_that_no_replica_can_have_counted_are_refused(int seconds, double rate, long count, long errors)
    {
        var counts = new SeriesCounts(count, errors, LatencyCounts.Empty, LatencyCounts.Empty);
        var given = new AnalyticsGiven(1, 0, 1, 0, [new(SeriesKey.OfPool("a"), [new(AnalyticsWindow.OneMinute, TimeSpan.FromSeconds(seconds), rate, counts)])]);
        Assert.Throws<SerializationException>(() => Serializer.FromBinary(Serializer.ToBinary(given), Serializer.Manifest(given)));
    }

    [Fact]
    public void A_message_that_was_cut_off_is_refused()
    {
        foreach (var example in WireExamples.All)
        {
            var bytes = Serializer.ToBinary(new WireEnvelope(From, example));
            for (var length = 0; length < bytes.Length; length++)
            {
                object? read = null;
                var fault = Record.Exception(() => read = Serializer.FromBinary(bytes[..length], "env1"));
                if (fault is null)
                {
                    // Cut where an older version ends, it is that version's message.
                    Assert.Equal(OfOlderVersion(example), Assert.IsType<WireEnvelope>(read).Message);
                    continue;
                }

                Assert.IsType<SerializationException>(fault);
            }
        }
    }

    /// <summary>An extended message, as an older replica sends it; null: never extended.</summary>
    private static IWireMessage? OfOlderVersion(IWireMessage message) => message switch
    {
        AccountGiven { Account: { } account } given => given with { Account = account with { Answers = default, LastFailure = null } },
        AskReplica => new AskReplica(0, null, 0),
        ReplicaReport report => report with { Protocol = 1 },
        _ => null,
    };

    [Fact]
    public void Fields_are_read_as_they_were_written() => Gen.Select(Gen.ULong, Gen.Long, Gen.Double, Gen.String, Gen.Bool).Sample((unsigned, signed, real, text, truth) =>
    {
        // A lone surrogate is not valid text; UTF-8 cannot encode it.
        text = string.Concat(text.Where(c => !char.IsSurrogate(c)));
        var writer = new WireWriter();
        writer.Varint(unsigned);
        writer.SignedVarint(signed);
        writer.Binary64(real);
        writer.Text(text);
        writer.Optional(truth ? signed : (long?)null, static (w, value) => w.SignedVarint(value));
        writer.Optional(truth ? text : null, static (w, value) => w.Text(value));
        writer.List([signed, 0], static (w, value) => w.SignedVarint(value));

        var reader = new WireReader(writer.ToArray());
        Assert.Equal((unsigned, signed, real, text), (reader.Varint(), reader.SignedVarint(), reader.Binary64(), reader.Text()));
        Assert.Equal((truth ? signed : null, truth ? text : null), (reader.Optional(static r => r.SignedVarint()), reader.OptionalOf(static r => r.Text())));
        Assert.Equal([signed, 0], reader.List(static r => r.SignedVarint()).AsEnumerable());
        Assert.True(reader.AtEnd);
    });

    private static IEnumerable<Type> WireTypes() => typeof(IWireMessage).Assembly.GetTypes()
        .Where(type => type.IsAssignableTo(typeof(IWireMessage)) && type is { IsAbstract: false, IsInterface: false });
}
