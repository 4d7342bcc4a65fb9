using System.Globalization;
using Gateway.Core.Membership;

namespace Gateway.Scale;

/// <summary>One cluster size: its cost at rest, and that of each of four events.</summary>
internal sealed class Scenario
{
    private const int Zones = 3;
    private const int Port = 4053;

    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(12);
    private static readonly TimeSpan Steady = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Event = TimeSpan.FromSeconds(3);

    private readonly Network _network = new(seed: 1);
    private readonly Fleet _fleet;
    private readonly int _replicas;

    private Scenario(int replicas, int endpoints) => (_replicas, _fleet) = (replicas, new(endpoints));

    /// <summary>Returns a row of the table of steady states, and a row per event of the other.</summary>
    public static (string Steady, IReadOnlyList<string> Events) Measure(int replicas, int endpoints)
    {
        var quiet = new Scenario(replicas, endpoints);
        Begin(quiet._network, quiet._fleet, replicas);
        return (quiet.MeasureSteady(),
        [
            new Scenario(replicas, endpoints).MeasureDeath(1, "one endpoint dies"),
            new Scenario(replicas, endpoints).MeasureDeath(Math.Max(1, endpoints / 10), "10 % of the endpoints die at once"),
            new Scenario(replicas, endpoints).MeasureJoin(),
        ]);
    }

    /// <summary>Starts a cluster.</summary>
    /// <returns>When it has settled.</returns>
    public static TimeSpan Begin(Network network, Fleet fleet, int replicas)
    {
        for (var i = 0; i < replicas; i++)
        {
            var view = ViewOf(i, replicas);
            var replica = new SimulatedReplica(view.Self.Id, view, network, fleet);
            network.Add(replica);
            network.At(TimeSpan.Zero, replica, () => replica.Start(view));
        }

        network.RunUntil(Settled / 2);
        fleet.Seeding = false;
        network.RunUntil(Settled);
        network.Restart();
        return Settled;
    }

    private string MeasureSteady()
    {
        _network.RunUntil(Settled + Steady);
        var (tally, seconds) = (_network.Tally, Steady.TotalSeconds);
        return Row(
            _replicas, _fleet.Count, tally.Messages / seconds / _replicas, tally.Bytes / seconds / _replicas, tally.Probes / seconds / _replicas,
            100 * tally.Busy.TotalSeconds / seconds / _replicas);
    }

    private string MeasureDeath(int dead, string what)
    {
        Begin(_network, _fleet, _replicas);
        _fleet.Kill(dead);
        foreach (var replica in _network.Replicas)
        {
            for (var endpoint = 0; endpoint < dead; endpoint++)
            {
                var one = endpoint;
                _network.At(Settled + (Fleet.RequestInterval * _network.Random.NextDouble()), replica, () => replica.Use(one, Settled + Event));
            }
        }

        _network.RunUntil(Settled + Event);
        var stopped = _fleet.AllStopped(_replicas) is { } all && _fleet.FirstTrip is { } first ? Milliseconds(all - first) : "not all";
        return Row(what, stopped, _fleet.FirstTrip is { } trip ? Milliseconds(_network.LastWord - trip) : "-");
    }

    private string MeasureJoin()
    {
        Begin(_network, _fleet, _replicas);
        var view = ViewOf(_replicas, _replicas + 1);
        var joiner = new SimulatedReplica(view.Self.Id, view, _network, _fleet);
        _network.Add(joiner);
        _network.At(Settled, joiner, () => joiner.Start(view));
        var place = 0;
        foreach (var replica in _network.Replicas.Where(r => r != joiner))
        {
            var theirs = ViewOf(place++, _replicas + 1);
            _network.At(Settled + (TimeSpan.FromMilliseconds(100) * _network.Random.NextDouble()), replica, () => replica.See(theirs));
        }

        _network.RunUntil(Settled + Event);
        return Row("a replica joins", joiner.Complete is { } complete ? Milliseconds(complete - Settled) : "not complete", Milliseconds(_network.LastWord - Settled));
    }

    private string Row(string what, string first, string last)
    {
        var tally = _network.Tally;
        return Row(
            _replicas, _fleet.Count, what, first, last, (double)tally.Words / _replicas, (double)tally.WordBytes / _replicas / 1024,
            tally.Busy.TotalMilliseconds / _replicas, tally.Busiest.TotalMilliseconds);
    }

    private static string Row(params object[] cells) => $"| {string.Join(" | ", cells.Select(cell => cell is double number
        ? number.ToString(number < 10 ? "0.0" : "#,0", CultureInfo.InvariantCulture)
        : Convert.ToString(cell, CultureInfo.InvariantCulture)))} |";

    private static string Milliseconds(TimeSpan time) => time.TotalMilliseconds.ToString("#,0.0", CultureInfo.InvariantCulture) + " ms";

    private static ClusterView ViewOf(int self, int count) => new(
        IdOf(self), Enumerable.Range(0, count).Select(i => new Replica(IdOf(i), "abc"[i % Zones].ToString(), false, ReplicaStatus.Up, Reachable: true, $"gateway-{i}")));

    private static ReplicaId IdOf(int i) => new(string.Create(CultureInfo.InvariantCulture, $"gateway-{i}.cluster:{Port}"), 1_000_003L * (i + 1));
}
