using Gateway.Actors.Grants;
using Gateway.Core.Addressing;
using Gateway.Core.Grants;

namespace Gateway.Actors.Cluster.Wire;

/// <summary>Codecs of the messages for trial grants.</summary>
internal static class GrantCodecs
{
    public static IReadOnlyList<WireCodec> All { get; } =
    [
        WireCodec.Of<AskGrant>(
            "gask1",
            static (writer, ask) =>
            {
                Numbered(writer, ask.Endpoint, ask.Ticket);
                writer.Time(ask.Timeout);
                writer.Bool(ask.Holding);
            },
            static reader => new AskGrant(reader.Endpoint(), reader.SignedVarint(), reader.Time(), reader.Bool())),
        WireCodec.Of<GrantQueued>(
            "gque1",
            static (writer, queued) => Numbered(writer, queued.Endpoint, queued.Ticket),
            static reader => new GrantQueued(reader.Endpoint(), reader.SignedVarint())),
        WireCodec.Of<GrantGiven>(
            "ggiv1",
            static (writer, given) => Numbered(writer, given.Endpoint, given.Ticket),
            static reader => new GrantGiven(reader.Endpoint(), reader.SignedVarint())),
        WireCodec.Of<GrantUsed>(
            "guse1",
            static (writer, used) => Numbered(writer, used.Endpoint, used.Ticket),
            static reader => new GrantUsed(reader.Endpoint(), reader.SignedVarint())),
        WireCodec.Of<GrantEnded>(
            "gend1",
            static (writer, ended) =>
            {
                Numbered(writer, ended.Endpoint, ended.Ticket);
                writer.Byte((byte)ended.How);
            },
            static reader => new GrantEnded(reader.Endpoint(), reader.SignedVarint(), reader.Word(GrantEnd.Returned))),
        WireCodec.Of<EndpointProven>(
            "gprv1",
            static (writer, proven) => writer.Endpoint(proven.Endpoint),
            static reader => new EndpointProven(reader.Endpoint())),
    ];

    private static void Numbered(WireWriter writer, EndpointId endpoint, long ticket)
    {
        writer.Endpoint(endpoint);
        writer.SignedVarint(ticket);
    }
}
