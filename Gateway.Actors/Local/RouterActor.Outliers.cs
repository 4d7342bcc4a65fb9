using System.Collections.Immutable;
using Akka.Actor;
using Gateway.Core.Addressing;
using Gateway.Core.Evidence;
using Gateway.Core.Outliers;
using Gateway.Core.Pools;

namespace Gateway.Actors.Local;

/// <summary>
/// Detects outliers every interval, if the pool's settings ask for it, from the counts in the endpoints' cells. Tells the actor of each outlier to eject,
/// which records it for the endpoint; the pool's cap decides at every publication how many of them are out.
/// </summary>
public sealed partial class RouterActor
{
    /// <summary>The pause of this process after which answers say more about it than about the endpoints.</summary>
    private static readonly TimeSpan LongPause = TimeSpan.FromSeconds(1);

    /// <summary>The counts at the last judgement, and whether the endpoint was in rotation then.</summary>
    private readonly Dictionary<EndpointAddress, (OutlierSample Total, bool IsIn)> _judged = [];
    private TimeSpan _judgedEvery;
    private TimeSpan _lostAtJudgement;

    /// <summary>Applies the pool's settings.</summary>
    private void LookForOutliers()
    {
        var every = _pool.Snapshot.Settings.Outliers?.Interval ?? TimeSpan.Zero;
        if (every == _judgedEvery)
        {
            return;
        }

        _judgedEvery = every;
        _judged.Clear();
        if (every == TimeSpan.Zero)
        {
            Timers.Cancel(Tick.JudgeOutliers);
        }
        else
        {
            TakeSamples(_pool.Snapshot.Members);
            Timers.StartPeriodicTimer(Tick.JudgeOutliers, Tick.JudgeOutliers, every);
        }
    }

    private void JudgeOutliers()
    {
        var snapshot = _pool.Snapshot;
        if (snapshot.Settings.Outliers is not { } policy)
        {
            return;
        }

        var lost = _clock.Lost - _lostAtJudgement;
        var members = snapshot.Members;
        var intervals = TakeSamples(members);
        if (lost >= LongPause)
        {
            return;
        }

        var findings = OutlierDetector.Judge([.. intervals.Select(interval => interval.Sample)], policy);
        var claims = members.Select(m => m.ClaimOf(m.Endpoint.Status)).ToList();
        foreach (var finding in findings)
        {
            var (endpoint, claim) = (members[finding.Index].Endpoint, claims[finding.Index]);
            claims[finding.Index] = new(Standing.Out, IsHearsay: false, Now: Standing.In, IsOutlier: true);
            var ejected = EjectionCap.Apply(claims, policy.MaxEjectionPercent)[finding.Index] == Standing.Out;
            claims[finding.Index] = ejected ? claims[finding.Index] with { Now = Standing.Out } : claim;
            _observer.OutlierDetected(endpoint.Id, ejected);
            Log.Outlier(_log, endpoint.Id, finding.Text, ejected ? "ejected" : "kept in rotation: ejection cap reached");
            if (ejected)
            {
                _judged[endpoint.Id.Address] = _judged[endpoint.Id.Address] with { IsIn = false }; // The interval in which it returns is not whole.
            }

            if (ejected && _actors.TryGetValue(endpoint.Id.Address, out var actor))
            {
                actor.Tell(new OutlierJudged(finding.Text));
            }
        }

        for (var i = 0; i < members.Length; i++)
        {
            if (intervals[i].IsWhole
                && members[i].Endpoint.Status.Outlier is { IsOut: false, Times: > 0 }
                && !findings.Any(finding => finding.Index == i)
                && _actors.TryGetValue(members[i].Id.Address, out var actor))
            {
                actor.Tell(new OutlierJudged(null));
            }
        }
    }

    /// <summary>
    /// Returns the results of each endpoint's requests since the last time; none for one that is ejected or new. An interval is whole if the endpoint was in
    /// rotation at both ends: one that has just returned has not shown yet that it has improved.
    /// </summary>
    private List<(OutlierSample? Sample, bool IsWhole)> TakeSamples(ImmutableArray<PoolMember> members)
    {
        _lostAtJudgement = _clock.Lost;
        var samples = new List<(OutlierSample?, bool)>();
        foreach (var member in members)
        {
            var total = new OutlierSample(member.Cell.Successes, member.Cell.Failures);
            var isIn = member is { Draining: false, Endpoint.Status.Decision.Kind: DecisionKind.Available or DecisionKind.Suspect };
            samples.Add(isIn && _judged.TryGetValue(member.Id.Address, out var before)
                ? (new(total.Successes - before.Total.Successes, total.Failures - before.Total.Failures), before.IsIn)
                : (null, false));
            _judged[member.Id.Address] = (total, isIn);
        }

        return samples;
    }
}
