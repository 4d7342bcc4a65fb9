using System.Collections.Immutable;
using Gateway.Core.Addressing;
using Gateway.Core.Membership;

namespace Gateway.Core.Evidence;

/// <summary>
/// All evidence received from other replicas, by sender, and which senders count now. A sender is fresh while the cluster membership says it is
/// reachable and some message of its stream, at least a beat, arrived less than <see cref="FreshFor"/> ago by this replica's clock. Evidence of a
/// stale sender is kept but ignored; that of a sender that left is dropped.
/// </summary>
public sealed record EvidenceBook
{
    public static readonly TimeSpan FreshFor = TimeSpan.FromSeconds(3);

    private EvidenceBook(ClusterView view) => View = view;

    public ClusterView View { get; private init; }

    public ImmutableSortedDictionary<ReplicaId, PeerStream> Streams { get; private init; } = ImmutableSortedDictionary<ReplicaId, PeerStream>.Empty;

    /// <summary>The fresh senders, as of the last event.</summary>
    public ImmutableSortedSet<ReplicaId> Fresh { get; private init; } = [];

    /// <summary>Whether a whole snapshot has arrived from each other reachable member.</summary>
    public bool Complete => Peers(View).All(peer => !peer.Reachable || Streams[peer.Id].Begun);

    /// <summary>The time at which the next fresh sender becomes stale if nothing arrives; null if none is fresh.</summary>
    public TimeSpan? StaleFrom => Fresh.Min(sender => Streams[sender].Heard) + FreshFor;

    /// <summary>Opens an empty book.</summary>
    public static BookStep Open(ClusterView view, TimeSpan now) => new EvidenceBook(view).OnView(view, now);

    /// <summary>
    /// Handles a change of membership. Replicas that come up are asked for a snapshot; those that left are dropped. Touches the endpoints reported by
    /// senders whose freshness or name changed; <see cref="OwnerMap"/> tracks changes of probe owners.
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
        Take(from, stream => stream.Take(edges, now), now, edges.Entries.Select(o => o.Endpoint));

    public BookStep OnBeat(ReplicaId from, long last, TimeSpan now) => Take(from, stream => stream.Take(last, now), now, []);

    public BookStep OnChunk(ReplicaId from, SnapshotChunk chunk, TimeSpan now)
    {
        var step = Take(from, stream => stream.Take(chunk, now), now, []);
        if (!Streams.TryGetValue(from, out var before))
        {
            return step;
        }

        var after = step.Book.Streams[from];
        return ReferenceEquals(before.Entries, after.Entries) ? step : step with { Touched = step.Touched.Union(before.Entries.Keys).Union(after.Entries.Keys) };
    }

    /// <summary>Handles the passing of time: senders may have become stale, or failed to answer.</summary>
    public BookStep OnTime(TimeSpan now) => Settle(this, now, []);

    /// <summary>
    /// Handles a pause of this process, in which it received nothing: it does not count against any sender. Call it before any event
    /// that follows the pause.
    /// </summary>
    public EvidenceBook OnPause(TimeSpan pause, TimeSpan now) => this with
    {
        Streams = Streams.SetItems(Streams.Select(stream => KeyValuePair.Create(stream.Key, stream.Value.OnPause(pause, now)))),
    };

    /// <summary>Returns the fresh evidence on an endpoint, and whether this replica is its probe owner.</summary>
    public EndpointEvidence About(EndpointId endpoint) => About(endpoint, ProbeOwners.Of(endpoint.Address, View));

    /// <param name="owners">The endpoint's probe owners by <see cref="View"/>.</param>
    public EndpointEvidence About(EndpointId endpoint, ImmutableArray<ReplicaId> owners)
    {
        var peers = ImmutableArray.CreateBuilder<PeerObservation>();
        foreach (var sender in Fresh)
        {
            if (Streams[sender].Entries.TryGetValue(endpoint, out var told) && View.Find(sender) is { } replica)
            {
                var said = told.Entry;
                peers.Add(new(
                    sender, replica.Name, replica.Zone == View.Self.Zone, owners.Contains(sender), said.Observation, said.Report, said.Verified, told.Since, said.Why));
            }
        }

        return new(owners.Contains(View.Self.Id), peers.DrainToImmutable());
    }

    /// <summary>Returns the other gateways that have not left: the possible senders.</summary>
    private static IEnumerable<Replica> Peers(ClusterView view) => view.Gateways.Where(replica => replica.Id != view.Self.Id);

    /// <summary>Ignores senders that are not members yet, or no longer: they are asked for a snapshot when they come up.</summary>
    private BookStep Take(ReplicaId from, Func<PeerStream, PeerStream> take, TimeSpan now, IEnumerable<EndpointId> touched) =>
        Streams.TryGetValue(from, out var stream)
            ? Settle(this with { Streams = Streams.SetItem(from, take(stream)) }, now, touched)
            : new(this, [], []);

    /// <summary>Updates the fresh senders, the endpoints this touches, and the replicas to ask.</summary>
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

/// <summary>The result of an event on the evidence book.</summary>
/// <param name="Touched">Endpoints whose evidence may have changed.</param>
/// <param name="Ask">Replicas to ask for a snapshot.</param>
public sealed record BookStep(EvidenceBook Book, ImmutableHashSet<EndpointId> Touched, ImmutableArray<ReplicaId> Ask);
