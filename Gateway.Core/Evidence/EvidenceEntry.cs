using System.Text;
using Gateway.Core.Addressing;

namespace Gateway.Core.Evidence;

/// <summary>One entry of a replica's evidence, as sent to the others: its view of one endpoint.</summary>
/// <param name="Sequence">Its place in the sender's stream, from 1. Of two entries on one endpoint the higher counts.</param>
/// <param name="Report">
/// The sequence of the sender's last bad news on this endpoint (see <see cref="Observation.IsBadNewsAfter"/>); 0 if there was none or if it only confirms
/// other replicas' reports. It tells whether two bad entries are the same report, a new one, or none.
/// </param>
/// <param name="Verified">The number of probes the sender has completed to verify reports. Each one increments it.</param>
/// <param name="Age">How long the sender had held this view when it was sent. A duration, since replicas share no clock.</param>
/// <param name="Why">The cause of the sender's last change, for display.</param>
public sealed record EvidenceEntry(
    EndpointId Endpoint, long Sequence, Observation Observation, long Report = 0, long Verified = 0, TimeSpan Age = default, string Why = "")
{
    /// <summary>Longer reasons are cut on receipt.</summary>
    public const int MaxWhy = 160;

    /// <summary>The maximum size on the wire without its texts, in bytes.</summary>
    private const int FixedBytes = 72;

    /// <summary>The maximum size on the wire, in bytes.</summary>
    public int MaxEncodedBytes => FixedBytes
        + Encoding.UTF8.GetByteCount(Endpoint.Pool)
        + Encoding.UTF8.GetByteCount(Endpoint.Address.Canonical)
        + Encoding.UTF8.GetByteCount(Why);
}

/// <summary>An observation as stored by a replica: its own or one received.</summary>
/// <param name="Since">When the sender's view began, by this replica's clock.</param>
public sealed record ReceivedEntry(EvidenceEntry Entry, TimeSpan Since);
