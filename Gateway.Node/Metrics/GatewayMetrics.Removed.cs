namespace Gateway.Node.Metrics;

/// <summary>Removal of the counts of endpoints and pools that are gone.</summary>
internal sealed partial class GatewayMetrics
{
    /// <summary>Drops the counts of endpoints that left long ago, with or without scrapes. Called once a second.</summary>
    public void Sweep()
    {
        if (_leaving.IsEmpty && _leavingPools.IsEmpty)
        {
            return;
        }

        lock (_looking)
        {
            var present = Volatile.Read(ref _pools).Values.SelectMany(pool => pool.Snapshot.Members).Select(member => LabelsOf(member.Endpoint)).ToHashSet();
            var until = _clock.GetElapsedTime(0) - KeptUnscraped;
            foreach (var (endpoint, leaving) in _leaving.Where(left => left.Value.Since <= until))
            {
                IsForgotten(endpoint, leaving, present);
            }

            ForgetPools(until);
        }
    }

    public void Removed(Endpoint endpoint) => _leaving[endpoint] = new(_clock.GetElapsedTime(0), WasQuiet: false);

    /// <summary>Checks a removed endpoint: at the second check in a row that finds nothing in flight there, its counts are dropped.</summary>
    private bool IsForgotten(Endpoint endpoint, Leaving leaving, HashSet<(string, string)> present)
    {
        var quiet = endpoint.Cell.InFlight == 0;
        if (quiet && leaving.WasQuiet)
        {
            _leaving.TryRemove(endpoint, out _);
            _byCell.TryRemove(endpoint.Cell, out _);
            Forget(endpoint, present);
            return true;
        }

        _leaving[endpoint] = leaving with { WasQuiet = quiet };
        return false;
    }

    /// <summary>Drops the gauges of removed pools, which are no longer set, and later their counters.</summary>
    /// <param name="until">Counters of pools that left before are dropped.</param>
    private void ForgetPools(TimeSpan until)
    {
        var pools = Volatile.Read(ref _pools);
        foreach (var gauge in new[] { _instruments.HealthyBackends, _instruments.RetryBudgetUsed, _instruments.ZoneRouting, _instruments.PriorityLoad })
        {
            foreach (var labels in gauge.GetAllLabelValues().Where(labels => !pools.ContainsKey(labels[0])).ToList())
            {
                gauge.RemoveLabelled(labels);
            }
        }

        foreach (var (name, since) in _leavingPools)
        {
            if (pools.ContainsKey(name))
            {
                _leavingPools.TryRemove(name, out _); // It has come back and continues counting.
            }
            else if (since <= until && !_leaving.Keys.Any(endpoint => endpoint.Id.Pool == name))
            {
                _leavingPools.TryRemove(name, out _);
                _byLabels.TryRemove((name, EndpointMetrics.None), out _);
                _instruments.RemovePool(name);
            }
        }
    }

    /// <summary>Drops an endpoint's children, unless the same address has come back.</summary>
    private void Forget(Endpoint endpoint, HashSet<(string, string)> present)
    {
        var labels = LabelsOf(endpoint);
        if (!present.Contains(labels))
        {
            _byLabels.TryRemove(labels, out _);
            _instruments.RemoveBackend(labels.Pool, labels.Backend);
        }
    }

    /// <param name="Since">When it was removed.</param>
    /// <param name="WasQuiet">Whether the last check found nothing in flight there.</param>
    private readonly record struct Leaving(TimeSpan Since, bool WasQuiet);
}
