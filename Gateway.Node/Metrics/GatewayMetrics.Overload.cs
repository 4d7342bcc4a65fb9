using Gateway.Core.Overload;
using Gateway.Core.Pools;

namespace Gateway.Node.Metrics;

/// <summary>Gauges of the pools' adaptive limits.</summary>
internal sealed partial class GatewayMetrics
{
    private void ReadConcurrency(Pool pool, ConcurrencyPolicy? limit)
    {
        if (limit is { } policy)
        {
            _instruments.ConcurrencyLimit.WithLabels(pool.Name).Set(policy.Bound(pool.Concurrency.State.Limit));
            _instruments.ConcurrencyInFlight.WithLabels(pool.Name).Set(pool.Concurrency.InFlight);
            foreach (var priority in Enum.GetValues<RequestPriority>())
            {
                _instruments.ConcurrencyRefused.WithLabels(pool.Name, priority.Name()).IncTo(pool.Concurrency.Refused(priority));
            }
        }
        else
        {
            _instruments.ConcurrencyLimit.RemoveLabelled(pool.Name);
            _instruments.ConcurrencyInFlight.RemoveLabelled(pool.Name);
        }
    }
}
