using Gateway.Actors.Cluster.Sharing;
using Gateway.Core.Overrides;

namespace Gateway.Actors.Cluster.Wire;

/// <summary>
/// Codecs of operators' changes to endpoints. Data that one replica drops is lost to all, so a later version may add kinds of remarks, which
/// this one keeps, but no fields.
/// </summary>
internal static class OverridesCodecs
{
    public static IReadOnlyList<WireCodec> All { get; } =
    [
        WireCodec.Of<OverridesData>(
            "ovr2",
            static (writer, data) =>
            {
                writer.Items([.. data.Part.Words.OrderBy(word => word.Key.ToString(), StringComparer.Ordinal)], static (w, word) =>
                {
                    w.Endpoint(word.Key);
                    w.Items(word.Value.Remarks, Write);
                });
                writer.Items([.. data.Part.Seen.OrderBy(one => one.Key)], static (w, one) =>
                {
                    w.SignedVarint(one.Key);
                    w.SignedVarint(one.Value);
                });
            },
            static reader => new OverridesData(OverridePart.Of(
                reader.Items(static r => KeyValuePair.Create(r.Endpoint(), new EndpointOverride([.. r.Items(ReadRemark).OrderBy(remark => remark.Stamp)]))),
                reader.Items(static r => KeyValuePair.Create(r.SignedVarint(), r.SignedVarint()))))),
    ];

    private static void Write(WireWriter writer, Remark remark)
    {
        writer.SignedVarint(remark.Stamp.Time);
        writer.SignedVarint(remark.Stamp.Writer);
        writer.Byte((byte)remark.Kind);
        writer.Text(remark.Who);
        writer.SignedVarint(remark.Weight);
        writer.Optional(remark.Zone, static (w, zone) => w.Text(zone));
        writer.SignedVarint(remark.Priority);
    }

    private static Remark ReadRemark(WireReader reader) => new(
        new(reader.SignedVarint(), reader.SignedVarint()),
        (RemarkKind)reader.Byte(),
        reader.Text(),
        reader.SignedVarint32(),
        reader.OptionalOf(static r => r.Text()),
        reader.SignedVarint32());
}
