using System.Collections.Immutable;
using Gateway.Core.Addressing;
using Gateway.Core.Balancing;
using Gateway.Core.Grants;
using Gateway.Core.Membership;

namespace Gateway.Tests.Grants;

/// <summary>
/// Replicas that all want to try one endpoint, over a slow and lossy network, in virtual time. Each runs the real claims and the real book; trials, permits and
/// waits are counted.
/// </summary>
internal sealed class GrantSimulation
{
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(50);

    /// <summary>A holder returns a grant not used for this long.</summary>
    private static readonly TimeSpan UnusedLimit = TimeSpan.FromSeconds(1);

    private readonly EndpointId _endpoint = TestEndpoints.Id(1);
    private readonly PriorityQueue<Action, (TimeSpan At, long Order)> _events = new();
    private readonly double _loss;
    private ulong _random;
    private long _order;

    public GrantSimulation(int replicas, ulong seed, double loss = 0)
    {
        (_random, _loss) = (seed, loss);
        Nodes = [.. GranterTests.Replicas(replicas).Select(replica => new Node(this, replica))];
        See(Nodes);
        PassTime();
    }

    public ImmutableArray<Node> Nodes { get; }

    public TimeSpan Now { get; private set; }

    /// <summary>The most concurrent granted trials so far.</summary>
    public int MaxTrials { get; private set; }

    public int OwnPermits { get; private set; }

    /// <summary>Whether replicas stop requesting trials after one has ended.</summary>
    public bool Calm { get; set; }

    /// <summary>The longest wait for a trial so far, including those still waiting.</summary>
    public TimeSpan MaxWait =>
        Nodes.Where(node => node.Alive).Select(node => node.WantedAt is { } at ? Now - at : TimeSpan.Zero).Append(_maxWait).Max();

    private TimeSpan _maxWait;

    /// <summary>Lets these see exactly these.</summary>
    public void See(params IReadOnlyList<Node> side)
    {
        foreach (var node in side)
        {
            node.OnView(new(node.Id, Nodes.Select(n => n.Replica with { Reachable = n.Alive && side.Contains(n) })));
        }
    }

    public void Run(double seconds)
    {
        var until = Now + TimeSpan.FromSeconds(seconds);
        while (_events.TryPeek(out _, out var next) && next.At <= until)
        {
            Now = next.At;
            _events.Dequeue()();
        }

        Now = until;
    }

    private void PassTime()
    {
        foreach (var node in Nodes.Where(node => node.Alive))
        {
            node.OnTime();
        }

        After(Tick, PassTime);
    }

    private double Unit() => ((_random = RandomBits.Mix(_random)) >> 11) * (1.0 / (1UL << 53));

    private void After(TimeSpan delay, Action action) => _events.Enqueue(action, (Now + delay, _order++));

    private void Send(Node from, Node to, Action deliver)
    {
        if (from.Sees(to) && Unit() >= _loss)
        {
            // Order need not be kept per pair: tickets reveal old messages.
            After(TimeSpan.FromMilliseconds(from == to ? 0 : 1 + (Unit() * 99)), () =>
            {
                if (to.Alive)
                {
                    deliver();
                }
            });
        }
    }

    internal sealed class Node(GrantSimulation cluster, Replica replica)
    {
        private ClusterView _view = ClusterView.Alone(replica);
        private GrantBook _book = GrantBook.Empty;
        private GrantClaim? _claim;
        private long _ticket;
        private bool _trying;

        public Replica Replica => replica;

        public ReplicaId Id => replica.Id;

        public bool Alive { get; private set; } = true;

        public bool IsTrying => _trying && Alive;

        public TimeSpan? WantedAt { get; private set; }

        public GrantBook Book => _book;

        public bool Sees(Node other) => other == this || _view.Find(other.Id) is { Reachable: true };

        public void Kill() => Alive = false;

        public void Want()
        {
            if (Alive && _claim is null)
            {
                WantedAt = cluster.Now;
                Apply(Granter.Of(cluster._endpoint, _view) is { } granter
                    ? GrantClaim.Ask(granter, ++_ticket, Timeout, cluster.Now)
                    : new(null, [new ClaimEffect.PermitOwn(null)]));
            }
        }

        public void OnView(ClusterView view)
        {
            _view = view;
            Apply(_book.OnView(view, cluster.Now));
            if (_claim is { } claim)
            {
                Apply(Granter.Of(cluster._endpoint, view) is { } granter ? claim.OnGranter(granter, cluster.Now) : claim.OnAlone());
            }
        }

        public void OnTime()
        {
            Apply(_book.OnTime(cluster.Now));
            Apply(_claim?.OnTime(cluster.Now) ?? default);
        }

        private void Apply(GrantStep step)
        {
            _book = step.Next;
            foreach (var (_, effect) in step.Effects)
            {
                if (effect is GrantEffect.Give(var to, var ticket))
                {
                    Tell(to, other => other.Apply(other._claim?.OnGiven(Id, ticket, cluster.Now) ??
                        new(null, [new ClaimEffect.End(Id, ticket, GrantEnd.Returned)])));
                }
                else if (effect is GrantEffect.Queue(var waiting, var number))
                {
                    Tell(waiting, other => other.Apply(other._claim?.OnQueued(Id, number, cluster.Now) ?? default));
                }
            }
        }

        private void Apply(ClaimStep step)
        {
            _claim = step.Next;
            foreach (var effect in step.Effects.IsDefault ? [] : step.Effects)
            {
                switch (effect)
                {
                    case ClaimEffect.Ask(var to, var ticket, var timeout, var holding):
                        Tell(to, granter => granter.Apply(granter._book.OnAsk(
                            cluster._endpoint, new(Id, ticket, timeout, holding), cluster.Now)));
                        break;
                    case ClaimEffect.Used(var to, var ticket):
                        Tell(to, granter => granter._book = granter._book.OnUsed(cluster._endpoint, Id, ticket, cluster.Now));
                        break;
                    case ClaimEffect.End(var to, var ticket, var how):
                        Tell(to, granter => granter.Apply(granter._book.OnEnd(cluster._endpoint, Id, ticket, how, cluster.Now)));
                        break;
                    case ClaimEffect.Permit:
                        Try(step.Next!);
                        break;
                    case ClaimEffect.PermitOwn:
                        cluster.OwnPermits++;
                        Served();
                        WantSoon();
                        break;
                }
            }
        }

        /// <summary>Sends the trial soon, or never; it fails after a while.</summary>
        private void Try(GrantClaim permitted)
        {
            Served();
            if (cluster.Unit() < 0.2)
            {
                After(UnusedLimit, () => EndIf(permitted, GrantEnd.Returned));
                return;
            }

            After(UnusedLimit * cluster.Unit(), () =>
            {
                if (_claim?.Ticket == permitted.Ticket)
                {
                    _trying = true;
                    cluster.MaxTrials = Math.Max(cluster.MaxTrials, cluster.Nodes.Count(node => node.IsTrying));
                    Apply(_claim.OnTrial());
                    After(Timeout * cluster.Unit(), () =>
                    {
                        _trying = false;
                        EndIf(permitted, GrantEnd.Failed);
                    });
                }
            });
        }

        private void EndIf(GrantClaim permitted, GrantEnd how)
        {
            if (_claim?.Ticket == permitted.Ticket)
            {
                Apply(_claim.OnEnd(how));
                WantSoon();
            }
        }

        /// <summary>Called when its request is fulfilled; it soon has another.</summary>
        private void Served()
        {
            if (WantedAt is { } since && cluster.Now - since > cluster._maxWait)
            {
                cluster._maxWait = cluster.Now - since;
            }

            WantedAt = null;
        }

        private void WantSoon()
        {
            if (!cluster.Calm)
            {
                After(Timeout * cluster.Unit(), Want);
            }
        }

        private void Tell(ReplicaId to, Action<Node> act)
        {
            var node = cluster.Nodes.Single(other => other.Id == to);
            cluster.Send(this, node, () => act(node));
        }

        private void After(TimeSpan delay, Action act) => cluster.After(delay, () =>
        {
            if (Alive)
            {
                act();
            }
        });
    }
}
