using System.Runtime.Serialization;
using Gateway.Actors.Grants;
using Gateway.Core.Endpoints;
using Gateway.Core.Grants;

namespace Gateway.Actors.Cluster.Wire;

/// <summary>The messages by which replicas take turns at an endpoint.</summary>
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
            static reader => new AskGrant(ReadEndpoint(reader), reader.Whole(), reader.Time(), reader.Bool())),
        WireCodec.Of<GrantQueued>(
            "gque1",
            static (writer, queued) => Numbered(writer, queued.Endpoint, queued.Ticket),
            static reader => new GrantQueued(ReadEndpoint(reader), reader.Whole())),
        WireCodec.Of<GrantGiven>(
            "ggiv1",
            static (writer, given) => Numbered(writer, given.Endpoint, given.Ticket),
            static reader => new GrantGiven(ReadEndpoint(reader), reader.Whole())),
        WireCodec.Of<GrantUsed>(
            "guse1",
            static (writer, used) => Numbered(writer, used.Endpoint, used.Ticket),
            static reader => new GrantUsed(ReadEndpoint(reader), reader.Whole())),
        WireCodec.Of<GrantEnded>(
            "gend1",
            static (writer, ended) =>
            {
                Numbered(writer, ended.Endpoint, ended.Ticket);
                writer.Byte((byte)ended.How);
            },
            static reader => new GrantEnded(ReadEndpoint(reader), reader.Whole(), ReadEnd(reader))),
        WireCodec.Of<EndpointProven>(
            "gprv1",
            static (writer, proven) => Write(writer, proven.Endpoint),
            static reader => new EndpointProven(ReadEndpoint(reader))),
    ];

    private static void Numbered(WireWriter writer, EndpointId endpoint, long ticket)
    {
        Write(writer, endpoint);
        writer.Whole(ticket);
    }

    private static void Write(WireWriter writer, EndpointId endpoint)
    {
        writer.Text(endpoint.Pool);
        writer.Text(endpoint.Address.Canonical);
    }

    private static EndpointId ReadEndpoint(WireReader reader)
    {
        var (pool, text) = (reader.Text(), reader.Text());
        return EndpointAddress.TryParse(text, out var address, out _) ? new(pool, address) : throw new SerializationException($"'{text}' is no address");
    }

    private static GrantEnd ReadEnd(WireReader reader) =>
        (GrantEnd)reader.Byte() is var end && Enum.IsDefined(end) ? end : throw new SerializationException($"{end} is no end of a grant");
}
