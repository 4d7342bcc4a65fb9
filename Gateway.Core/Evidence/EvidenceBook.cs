using System.Collections.Immutable;
using Gateway.Core.Addressing;
using Gateway.Core.Membership;

namespace Gateway.Core.Evidence;

/// <summary>
/// All that the others have told this replica, by sender, and which of them count now. A sender is fresh while its cluster membership says that it
/// can be reached and something of its stream, a beat at the least, came less than <see cref="FreshFor"/> ago by this replica's clock. What a
/// stale sender has told is kept, but is as if it were absent; what a sender that left has told is dropped.
/// </summary>
public sealed record EvidenceBook
{
    public static readonly TimeSpan FreshFor = TimeSpan.FromSeconds(3);

    private EvidenceBook(ClusterView view) => View = view;

    public ClusterView View { get; private init; }

    public ImmutableSortedDictionary<ReplicaId, PeerStream> Streams { get; private init; } = ImmutableSortedDictionary<ReplicaId, PeerStream>.Empty;

    /// <summary>The senders that count, as of the last event.</summary>
    public ImmutableSortedSet<ReplicaId> Fresh { get; private init; } = [];

    /// <summary>Whether a whole snapshot has come of each other member that can be reached.</summary>
    public bool Complete => Peers(View).All(peer => !peer.Reachable || Streams[peer.Id].Begun);

    /// <summary>When the next of those that count becomes stale if it is not heard; null: nobody counts.</summary>
    public TimeSpan? StaleFrom => Fresh.IsEmpty ? null : Fresh.Min(sender => Streams[sender].Heard) + FreshFor;

    /// <summary>A book that nobody has told anything yet.</summary>
    public static BookStep Open(ClusterView view, TimeSpan now) => new EvidenceBook(view).OnView(view, now);

    /// <summary>
    /// The membership has changed. Who comes up is asked for a snapshot; who is gone is forgotten. Touched are the endpoints of which those speak that
    /// count otherwise now, or have got a name; that some have other probe owners, <see cref="OwnerMap"/> knows.
    /// </summary>
    public BookStep OnView(ClusterView view, TimeSpan now)
    {
        var peers = Peers(view).Select(peer => peer.Id).ToHashSet();
        var gone = Streams.Where(stream => !peers.Contains(stream.Key)).ToList();
        var streams = Streams.RemoveRange(gone.Select(stream => stream.Key))
            .AddRange(peers.Where(peer => !Streams.ContainsKey(peer)).Select(peer => KeyValuePair.Create(peer, PeerStream.Unknown)));
        foreach (var back in view.ReachableGateways.Where(peer => View.Find(peer.Id) is { Reachable: false } && streams.ContainsKey(peer.Id)))
        {
            streams = streams.SetItem(back.Id, streams[back.Id].Reached());
        }

        var renamed = streams.Where(stream => Fresh.Contains(stream.Key) && View.Find(stream.Key)?.Name != view.Find(stream.Key)?.Name);
        var touched = gone.Where(stream => Fresh.Contains(stream.Key)).Concat(renamed).SelectMany(stream => stream.Value.Entries.Keys);
        return Settle(this with { View = view, Streams = streams }, now, touched);
    }

    public BookStep OnEdges(ReplicaId from, Edges edges, TimeSpan now) =>
        Take(from, stream => stream.Take(edges, now), now, edges.Observations.Select(o => o.Endpoint));

    public BookStep OnBeat(ReplicaId from, long last, TimeSpan now) => Take(from, stream => stream.Take(last, now), now, []);

    public BookStep OnChunk(ReplicaId from, SnapshotChunk chunk, TimeSpan now)
    {
        var before = Streams.GetValueOrDefault(from)?.Entries;
        var step = Take(from, stream => stream.Take(chunk, now), now, []);
        var after = step.Book.Streams.GetValueOrDefault(from)?.Entries;
        return ReferenceEquals(before, after) || before is null || after is null
            ? step
            : step with { Touched = step.Touched.Union(before.Keys).Union(after.Keys) };
    }

    /// <summary>Time has passed: some may have become stale, others may not have answered.</summary>
    public BookStep OnTime(TimeSpan now) => Settle(this, now, []);

    /// <summary>
    /// This process did not run for a while, and heard nobody in that time: it counts against no sender. To be said before anything else that comes
    /// after it.
    /// </summary>
    public EvidenceBook OnPause(TimeSpan pause, TimeSpan now) => this with
    {
        Streams = Streams.SetItems(Streams.Select(stream => KeyValuePair.Create(stream.Key, stream.Value.OnPause(pause, now)))),
    };

    /// <summary>What those that count say of an endpoint, and whether it is this replica's to probe.</summary>
    public EndpointEvidence About(EndpointId endpoint) => About(endpoint, ProbeOwners.Of(endpoint.Address, View));

    /// <param name="owners">The endpoint's probe owners by <see cref="View"/>.</param>
    public EndpointEvidence About(EndpointId endpoint, ImmutableArray<ReplicaId> owners)
    {
        var testimonies = ImmutableArray.CreateBuilder<Testimony>();
        foreach (var sender in Fresh)
        {
            if (Streams[sender].Entries.TryGetValue(endpoint, out var told) && View.Find(sender) is { } replica)
            {
                var said = told.Observation;
                testimonies.Add(new(
                    sender, replica.Name, replica.Zone == View.Self.Zone, owners.Contains(sender), said.Sight, said.Report, said.Verified, told.Since, said.Why));
            }
        }

        return new(owners.Contains(View.Self.Id), testimonies.DrainToImmutable());
    }

    /// <summary>Gateways beside this one that have not left: who can have something to say.</summary>
    private static IEnumerable<Replica> Peers(ClusterView view) => view.Gateways.Where(replica => replica.Id != view.Self.Id);

    /// <summary>Who is not a member yet, or no longer, is not listened to: it is asked for a snapshot when it comes up.</summary>
    private BookStep Take(ReplicaId from, Func<PeerStream, PeerStream> take, TimeSpan now, IEnumerable<EndpointId> touched) =>
        Streams.TryGetValue(from, out var stream)
            ? Settle(this with { Streams = Streams.SetItem(from, take(stream)) }, now, touched)
            : new(this, [], []);

    /// <summary>Works out who is fresh now, whose endpoints are touched by that, and who must be asked.</summary>
    private static BookStep Settle(EvidenceBook book, TimeSpan now, IEnumerable<EndpointId> touched)
    {
        var fresh = book.View.ReachableGateways
            .Where(replica => book.Streams.TryGetValue(replica.Id, out var stream) && now - stream.Heard < FreshFor)
            .Select(replica => replica.Id)
            .ToImmutableSortedSet();
        var flipped = fresh.SymmetricExcept(book.Fresh).Where(book.Streams.ContainsKey).SelectMany(sender => book.Streams[sender].Entries.Keys);
        var (streams, ask) = (book.Streams.ToBuilder(), ImmutableArray.CreateBuilder<ReplicaId>());
        foreach (var replica in book.View.ReachableGateways.Where(replica => book.Streams.ContainsKey(replica.Id)))
        {
            (streams[replica.Id], var asked) = streams[replica.Id].Ask(now);
            if (asked)
            {
                ask.Add(replica.Id);
            }
        }

        var next = book with { Streams = streams.ToImmutable(), Fresh = fresh };
        return new(next, [.. touched, .. flipped], ask.DrainToImmutable());
    }
}
