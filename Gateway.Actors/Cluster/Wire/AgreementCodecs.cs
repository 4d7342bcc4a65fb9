using System.Collections.Immutable;
using Gateway.Actors.Agreement;

namespace Gateway.Actors.Cluster.Wire;

/// <summary>Codecs of the messages about settings.</summary>
internal static class AgreementCodecs
{
    public static IReadOnlyList<WireCodec> All { get; } =
    [
        WireCodec.Of<SettingsTold>(
            "set1",
            static (writer, told) => writer.Items([.. told.Digests], static (w, pool) =>
            {
                w.Text(pool.Key);
                w.SignedVarint(pool.Value);
            }),
            static reader =>
            {
                var digests = ImmutableSortedDictionary.CreateBuilder<string, long>();
                foreach (var (pool, digest) in reader.Items(static r => KeyValuePair.Create(r.Text(), r.SignedVarint())))
                {
                    digests[pool] = digest;
                }

                return new SettingsTold(digests.ToImmutable());
            }),
    ];
}
