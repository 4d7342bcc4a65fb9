using Akka.Actor;
using Gateway.Actors.Surroundings;
using Gateway.Core.Addressing;
using Gateway.Core.Membership;

namespace Gateway.Actors.Cluster;

/// <content>Which replicas to ask and which to join. <see cref="Seeking"/> and <see cref="Rivalry"/> decide on the answers.</content>
public sealed partial class ClusterActor
{
    private void Ask()
    {
        var now = _clock.Now;
        if (!_roster.IsMember)
        {
            OtherSeeds().ForEach(Ask);
            if (_yieldedTo is { } larger && !_options.Seeds.Contains(larger))
            {
                Ask(larger); // It may not be a seed, and its cluster may have no seed.
            }

            (_seeking, var step) = _seeking!.Decide(now);
            CarryOut(step, now);
            return;
        }

        foreach (var replica in _roster.Nameless())
        {
            Ask(replica.ClusterAddress);
        }

        if (now - _askedAt >= _options.Times.AskAsMember)
        {
            _askedAt = now;
            var reachable = View.Replicas.Where(r => r.Reachable).Select(r => r.Id.ClusterAddress).ToHashSet();
            _rivalry = OtherSeeds().Where(reachable.Contains).Aggregate(_rivalry, (rivalry, seed) => rivalry.Clear(seed));
            OtherSeeds().Where(seed => !reachable.Contains(seed)).ToList().ForEach(Ask);
        }
    }

    private void AskAgainAfter(TimeSpan pause) => Timers.StartSingleTimer(typeof(Tick), new Tick(_node!.Id), pause);

    private List<HostPort> OtherSeeds()
    {
        var own = _node!.Id.ClusterAddress;
        return [.. _options.Seeds.Where(seed => seed != own)];
    }

    private void Ask(HostPort address) => _node!.Link.Tell(new AskAddress(address));

    private void CarryOut(JoinStep step, TimeSpan now)
    {
        HostPort? target = step switch
        {
            JoinStep.Form => _node!.Id.ClusterAddress,
            JoinStep.Join join => join.Seed,
            _ => null,
        };
        if (target is not { } seed || (_joining is { } last && last.Seed == seed && now - last.At < _options.Times.Retry))
        {
            return;
        }

        _joining = (seed, now);
        if (step is JoinStep.Form)
        {
            Log.Forming(_log, seed);
        }
        else
        {
            Log.Joining(_log, seed);
        }

        _node!.Join(seed);
    }

    private void Learn(ReplicaId from, ReplicaReport report)
    {
        if (_roster.IsMember && _roster.Learn(from, report.Name))
        {
            if (!WireProtocol.Fits(report.Protocol))
            {
                Log.OtherProtocol(_log, report.Name, report.Protocol, WireProtocol.Version);
            }

            Publish();
        }
    }

    /// <summary>Handles another replica's report on its cluster, from an answer or a question.</summary>
    private void Hear(ReplicaId from, ClusterReport report)
    {
        var now = _clock.Now;
        if (!_roster.IsMember)
        {
            _seeking = _seeking!.Hear(from.ClusterAddress, report, now);
            return;
        }

        var address = from.ClusterAddress;
        (_rivalry, var yield) = _rivalry.Hear(address, View, report, now);
        if (yield)
        {
            Log.Yielding(_log, View.ReachableGateways.Length, report.Size, address);
            _yieldedTo = address;
            End(RejoinReason.Yielded);
        }
    }
}
