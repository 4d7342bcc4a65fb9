using System.Text;
using Gateway.Core.Addressing;

namespace Gateway.Core.Evidence;

/// <summary>One entry of a replica's evidence, as it is sent to the others: what its sender sees of one endpoint.</summary>
/// <param name="Sequence">Its place in the sender's stream, from 1. Of two entries on one endpoint the higher counts.</param>
/// <param name="Report">
/// The sequence of the sender's last bad news on this endpoint (see <see cref="Sight.IsBadNewsAfter"/>), 0 if there was none or if it only confirms
/// what others had reported: what makes two bad entries the same report, another one, or none.
/// </param>
/// <param name="Verified">How many probes the sender has finished because of somebody's report. Grows by one at each.</param>
/// <param name="Age">How long the sender has seen it so, when it was sent. A duration, since replicas share no clock.</param>
/// <param name="Why">For people: what the sender's last change came of.</param>
public sealed record Observation(
    EndpointId Endpoint, long Sequence, Sight Sight, long Report = 0, long Verified = 0, TimeSpan Age = default, string Why = "")
{
    /// <summary>Longer reasons are cut when they are taken in.</summary>
    public const int MaxWhy = 160;

    /// <summary>What it takes on the wire beside its texts, at most.</summary>
    private const int FixedBytes = 72;

    /// <summary>What it takes on the wire, at most.</summary>
    public int MostBytes => FixedBytes
        + Encoding.UTF8.GetByteCount(Endpoint.Pool)
        + Encoding.UTF8.GetByteCount(Endpoint.Address.Canonical)
        + Encoding.UTF8.GetByteCount(Why);
}
