using Gateway.Actors.Cluster.Sharing;
using Gateway.Core.Overrides;

namespace Gateway.Actors.Cluster.Wire;

/// <summary>What operators have said of endpoints.</summary>
internal static class OverridesCodecs
{
    public static IReadOnlyList<WireCodec> All { get; } =
    [
        WireCodec.Of<OverridesData>(
            "ovr1",
            static (writer, data) => writer.List(data.Map.All.ToList(), static (w, word) =>
            {
                w.Endpoint(word.Key);
                Write(w, word.Value);
            }),
            static reader => new OverridesData(reader.List(static r => (Id: r.Endpoint(), Word: ReadWord(r)))
                .Aggregate(OverrideMap.Empty, static (map, word) => map.With(word.Id, word.Word)))),
    ];

    private static void Write(WireWriter writer, EndpointOverride word)
    {
        writer.Whole(word.Stamp.Time);
        writer.Replica(word.Stamp.Writer);
        writer.Bool(word.Removed);
        writer.Optional(word.Added, static (w, added) =>
        {
            w.Whole(added.Weight);
            w.Optional(added.Zone, static (z, zone) => z.Text(zone));
            w.Whole(added.Priority);
        });
        writer.Optional(word.Weight, static (w, weight) => w.Whole(weight));
        writer.Bool(word.Draining);
        writer.Text(word.Who);
    }

    private static EndpointOverride ReadWord(WireReader reader) => new(
        new(reader.Whole(), reader.Replica()),
        reader.Bool(),
        reader.OptionalOf(static r => new AddedEndpoint(r.WholeInt(), r.OptionalOf(static z => z.Text()), r.WholeInt())),
        reader.Optional(static r => r.WholeInt()),
        reader.Bool(),
        reader.Text());
}
