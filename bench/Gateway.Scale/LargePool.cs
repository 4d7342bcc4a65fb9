using System.Globalization;
using Gateway.Core.Addressing;
using Gateway.Core.Balancing;
using Gateway.Core.Breaking;
using Gateway.Core.Cells;
using Gateway.Core.Evidence;
using Gateway.Core.Health;
using Gateway.Core.Membership;

namespace Gateway.Scale;

/// <summary>
/// The cost for one replica of a change of the cluster or of a large pool: processing view changes for all endpoints, compared with only the affected ones, and
/// computing turns by steps over all endpoints, compared with heaps by weight. CPU time of one thread, medians.
/// </summary>
internal sealed class LargePool
{
    private const int Rounds = 7;
    private const int Zones = 3;

    private readonly EndpointId[] _endpoints;
    private readonly Replica[] _replicas;
    private readonly EvidenceBook _book;
    private readonly TimeSpan _now = TimeSpan.FromSeconds(1);

    public LargePool(int replicas, int endpoints)
    {
        _endpoints = [.. Enumerable.Range(0, endpoints).Select(i => new EndpointId("default", Address(i)))];
        _replicas = [.. Enumerable.Range(0, replicas).Select(ReplicaAt)];
        var view = ViewOf(_replicas);
        _book = EvidenceBook.Open(view, _now).Book;
        foreach (var peer in _replicas.Skip(1))
        {
            var zone = _replicas.Where(r => r.Zone == peer.Zone).Select(r => r.Id).ToList();
            var said = _endpoints.Where(e => ProbeOwners.Of(e.Address, zone).Contains(peer.Id))
                .Select((e, i) => new EvidenceEntry(e, i + 1, new Observation(Verdict.Healthy, BreakerPhase.Closed))).ToList();
            _book = _book.OnChunk(peer.Id, new(said.Count, 0, 1, [.. said]), _now).Book;
        }
    }

    public void Print()
    {
        var size = string.Create(CultureInfo.InvariantCulture, $"{_replicas.Length} replicas, {_endpoints.Length:N0} endpoints in one pool");
        Console.WriteLine($"{size}\n\n| change of the view | for all endpoints, ms | for affected endpoints, ms | endpoints affected |\n|---|---|---|---|");
        var other = Enumerable.Range(1, _replicas.Length - 1).First(i => _replicas[i].Zone != _replicas[0].Zone);
        var mine = Enumerable.Range(1, _replicas.Length - 1).First(i => _replicas[i].Zone == _replicas[0].Zone);
        PrintView("the name of a replica becomes known", [.. _replicas.Select((r, i) => i == mine ? r with { Name = "gateway-x" } : r)]);
        PrintView("a replica of another zone becomes unreachable", [.. _replicas.Select((r, i) => i == other ? r with { Reachable = false } : r)]);
        PrintView("a replica of this zone becomes unreachable", [.. _replicas.Select((r, i) => i == mine ? r with { Reachable = false } : r)]);
        PrintView("a replica joins this zone", [.. _replicas, ReplicaAt(_replicas.Length - (_replicas.Length % Zones) + Zones)]);
        Console.WriteLine("\n| turns of one pool | steps over all, ms | heaps by weight, ms | turns |\n|---|---|---|---|");
        PrintTurns("equal weights", _ => 1);
        PrintTurns("weights 1 to 10", i => 1 + (i % 10));
        PrintTurns("weights 1 to 256", i => 1 + (i % 256));
        PrintTurns("a tenth in slow start", i => i % 10 == 0 ? 0.1 + (i % 90 / 100d) : 1);
        Console.WriteLine("\n| rebuilding a picker after one ejection | ms |\n|---|---|");
        PrintPicker("round-robin", Strategy.RoundRobin);
        PrintPicker("least-connections", Strategy.LeastConnections);
        PrintPicker("maglev", Strategy.Maglev);
    }

    private void PrintView(string what, Replica[] replicas)
    {
        var view = ViewOf(replicas);
        var all = Median(() =>
        {
            var book = _book.OnView(view, _now).Book;
            return _endpoints.Sum(endpoint => book.About(endpoint).PeerObservations.Length);
        });
        var touched = 0;
        var some = Median(
            () =>
            {
                var map = new OwnerMap(_book.View);
                Array.ForEach(_endpoints, endpoint => map.Of(endpoint));
                return map;
            },
            map =>
            {
                var step = _book.OnView(view, _now);
                var told = step.Touched.Concat(map.Follow(view)).ToHashSet();
                touched = told.Count;
                return told.Sum(endpoint => step.Book.About(endpoint, map.Of(endpoint)).PeerObservations.Length);
            });
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {what} | {all:0.0} | {some:0.0} | {touched:N0} |"));
    }

    private void PrintTurns(string what, Func<int, double> weight)
    {
        var whole = SmoothOrder.ToIntegers([.. _endpoints.Select((_, i) => weight(i))]);
        var owed = new double[whole.Length];
        var steps = Once(() => StepByStep(whole).Length);
        var heaps = Median(() => SmoothOrder.Of(whole, owed).Length);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {what} | {steps:0} | {heaps:0.0} | {whole.Sum():N0} |"));
    }

    private void PrintPicker(string what, Strategy strategy)
    {
        var builder = new PickerBuilder();
        var cells = _endpoints.Select(endpoint => new EndpointCell(endpoint, BreakerPolicy.Default, maxInFlight: 10)).ToList();
        builder.Build(strategy, [.. cells.Select(cell => new Candidate(cell))]);
        var round = 0;
        var cost = Median(() =>
        {
            var ejected = cells[++round];
            builder.Build(strategy, [.. cells.Select(cell => new Candidate(cell, Available: cell != ejected))]);
            return round;
        });
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {what} | {cost:0.0} |"));
    }

    /// <summary>NGINX's algorithm: each turn adds to all, and compares all.</summary>
    private static int[] StepByStep(int[] weights)
    {
        var (total, credit) = (weights.Sum(), new long[weights.Length]);
        var order = new int[total];
        foreach (ref var turn in order.AsSpan())
        {
            var largest = long.MinValue;
            for (var i = 0; i < credit.Length; i++)
            {
                if ((credit[i] += weights[i]) > largest)
                {
                    (largest, turn) = (credit[i], i);
                }
            }

            credit[turn] -= total;
        }

        return order;
    }

    private static double Median(Func<int> act) => Median(() => 0, _ => act());

    private static double Median<T>(Func<T> prepare, Func<T, int> act) =>
        Enumerable.Range(0, Rounds).Select(_ =>
        {
            var prepared = prepare();
            return Once(() => act(prepared));
        }).Order().ElementAt(Rounds / 2);

    private static double Once(Func<int> act)
    {
        var begun = WorkClock.Now;
        var result = act();
        GC.KeepAlive(result);
        return (WorkClock.Now - begun).TotalMilliseconds;
    }

    private static ClusterView ViewOf(Replica[] replicas) => new(replicas[0].Id, replicas);

    private static Replica ReplicaAt(int number)
    {
        var id = new ReplicaId($"10.0.{number / 256}.{number % 256}:4053", 1);
        return new(id, $"zone-{number % Zones}", Sidecar: false, ReplicaStatus.Up, Reachable: true, $"gateway-{number}");
    }

    private static EndpointAddress Address(int number) =>
        EndpointAddress.TryParse($"http://10.{1 + (number / 65_536)}.{number / 256 % 256}.{number % 256}:8000", out var address, out var fault)
            ? address
            : throw new InvalidOperationException(fault);
}
