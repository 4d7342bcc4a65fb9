using Akka.Actor;
using Gateway.Core.Pools;

namespace Gateway.Actors.Local;

/// <summary>
/// Detects outliers every interval, if the pool's settings ask for it. Tells the actor of each outlier to eject, which records it for the endpoint; the pool's cap
/// decides at every publication how many of them are out.
/// </summary>
public sealed partial class RouterActor
{
    private OutlierRound _round = OutlierRound.Begin([], TimeSpan.Zero);
    private TimeSpan _judgedEvery;

    /// <summary>Applies the pool's settings.</summary>
    private void DetectOutliers()
    {
        var snapshot = _pool.Snapshot;
        var every = snapshot.Settings.Outliers?.Interval ?? TimeSpan.Zero;
        if (every == _judgedEvery)
        {
            return;
        }

        _judgedEvery = every;
        if (every == TimeSpan.Zero)
        {
            Timers.Cancel(Tick.JudgeOutliers);
        }
        else
        {
            _round = OutlierRound.Begin(snapshot.Members, _clock.Lost);
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

        (_round, var judgements) = _round.Judge(snapshot.Members, policy, _clock.Lost);
        foreach (var (endpoint, why, ejected) in judgements)
        {
            if (why is not null)
            {
                _observer.OutlierDetected(endpoint, ejected);
                Log.Outlier(_log, endpoint, why, ejected ? "ejected" : "kept in rotation: ejection cap reached");
            }

            if ((ejected || why is null) && _actors.TryGetValue(endpoint.Address, out var actor))
            {
                actor.Tell(new OutlierJudged(why));
            }
        }
    }
}
