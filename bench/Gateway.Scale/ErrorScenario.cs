using System.Globalization;

namespace Gateway.Scale;

/// <summary>
/// Healthy endpoints with a share of errors among all answers, one of which fails everything for three seconds once a minute: how many breakers open during
/// that, and how many more open needlessly in the rest of the minute.
/// </summary>
internal static class ErrorScenario
{
    private const int Endpoints = 4;

    private static readonly TimeSpan Cycle = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan FailsFor = TimeSpan.FromSeconds(3);

    /// <summary>A trip in progress when the failure ends still counts towards it.</summary>
    private static readonly TimeSpan Aftermath = TimeSpan.FromMilliseconds(50);

    /// <param name="rate">Requests per second to each endpoint, from all replicas together.</param>
    public static string Measure(int replicas, double rate, double errors, int minutes)
    {
        var network = new Network(seed: replicas);
        var fleet = new Fleet(Endpoints) { Errors = errors };
        var begin = Scenario.Begin(network, fleet, replicas);
        var end = begin + (Cycle * minutes);
        foreach (var replica in network.Replicas)
        {
            for (var endpoint = 0; endpoint < Endpoints; endpoint++)
            {
                var one = endpoint;
                network.At(begin, replica, () => replica.Serve(one, rate / replicas, end));
            }
        }

        var (real, further, worst) = (0L, 0L, 0L);
        network.RunUntil(begin + (Cycle / 4));
        var quiet = fleet.Trips;
        for (var minute = 0; minute < minutes; minute++)
        {
            var (start, before) = (begin + (Cycle * minute) + (Cycle / 4), fleet.Trips);
            fleet.Kill(1);
            network.RunUntil(start + FailsFor);
            fleet.Kill(0);
            network.RunUntil(start + FailsFor + Aftermath);
            var failed = fleet.Trips;
            network.RunUntil(minute == minutes - 1 ? end : start + Cycle);
            (real, further, worst) = (real + failed - before, further + fleet.Trips - failed, Math.Max(worst, fleet.Trips - failed));
        }

        return string.Create(
            CultureInfo.InvariantCulture, $"| {replicas} | {rate:0} | {100 * errors:0.0} % | {minutes} | {quiet} | {(double)real / minutes:0.0} | {(double)further / minutes:0.00} | {worst} |");
    }
}
