using System.Runtime.Serialization;
using Gateway.Actors.Cluster.Sharing;
using Gateway.Actors.Draining;
using Gateway.Core.Endpoints;
using Gateway.Core.Overrides;

namespace Gateway.Actors.Cluster.Wire;

/// <summary>What operators have said of endpoints, and what is asked while one drains.</summary>
internal static class OverridesCodecs
{
    public static IReadOnlyList<WireCodec> All { get; } =
    [
        WireCodec.Of<OverridesData>(
            "ovr1",
            static (writer, data) => writer.List(data.Map.All.ToList(), static (w, word) =>
            {
                Write(w, word.Key);
                Write(w, word.Value);
            }),
            static reader => new OverridesData(reader.List(static r => (Id: ReadId(r), Word: ReadWord(r)))
                .Aggregate(OverrideMap.Empty, static (map, word) => map.With(word.Id, word.Word)))),
        WireCodec.Of<CountInFlight>(
            "cif1",
            static (writer, count) =>
            {
                Write(writer, count.Endpoint);
                writer.Whole(count.Question);
            },
            static reader => new CountInFlight(ReadId(reader), reader.Whole())),
        WireCodec.Of<InFlightCounted>(
            "ifc1",
            static (writer, counted) =>
            {
                writer.Whole(counted.Question);
                writer.Whole(counted.InFlight);
                writer.Bool(counted.Draining);
            },
            static reader => new InFlightCounted(reader.Whole(), reader.WholeInt(), reader.Bool())),
    ];

    private static void Write(WireWriter writer, EndpointId id)
    {
        writer.Text(id.Pool);
        writer.Text(id.Address.Canonical);
    }

    private static EndpointId ReadId(WireReader reader)
    {
        var (pool, text) = (reader.Text(), reader.Text());
        return EndpointAddress.TryParse(text, out var address, out var fault)
            ? new(pool, address)
            : throw new SerializationException($"'{text}' {fault}");
    }

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
