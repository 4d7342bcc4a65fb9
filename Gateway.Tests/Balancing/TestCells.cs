using Gateway.Core.Addressing;
using Gateway.Core.Balancing;
using Gateway.Core.Breaking;
using Gateway.Core.Cells;

namespace Gateway.Tests.Balancing;

/// <summary>Endpoints for tests, with common operations.</summary>
internal static class TestCells
{
    public const string Pool = "default";

    /// <summary>A time after the process began.</summary>
    public static readonly TimeSpan Now = TimeSpan.FromMinutes(10);

    public static TheoryData<Strategy> Strategies => new(Enum.GetValues<Strategy>());

    public static EndpointCell Of(string host, int maxInFlight = int.MaxValue)
    {
        Assert.True(EndpointAddress.TryParse($"http://{host}:8080", out var address, out _));
        return new(new(Pool, address), BreakerPolicy.Default, maxInFlight);
    }

    /// <summary>Endpoints on hosts e0, e1 and so on.</summary>
    public static EndpointCell[] Many(int count, int maxInFlight = int.MaxValue) =>
        [.. Enumerable.Range(0, count).Select(i => Of($"e{i}", maxInFlight))];

    /// <summary>Candidates, all available, of weight 1 unless weights are given.</summary>
    public static Candidate[] Candidates(this EndpointCell[] cells, params int[] weights) =>
        [.. cells.Select((cell, i) => new Candidate(cell, weights.Length > 0 ? weights[i] : 1))];

    /// <summary>The same members with one of them ejected.</summary>
    public static Candidate[] Without(this Candidate[] members, EndpointCell ejected) =>
        [.. members.Select(member => member.Cell == ejected ? member with { Available = false } : member)];

    public static Picker Build(Strategy strategy, params Candidate[] members) => new PickerBuilder().Build(strategy, members);

    public static void Trip(this EndpointCell cell) => cell.Transition(static (word, _) => word.Trip(), 0);

    /// <summary>Adds permanent attempts in flight.</summary>
    public static void Load(this EndpointCell cell, int attempts)
    {
        for (var i = 0; i < attempts; i++)
        {
            Assert.Equal(Admission.Granted, cell.TryLease(out _, LeaseOptions.Panic));
        }
    }

    /// <summary>The n-th pick's context: key and random bits differ, and are the same in every run.</summary>
    public static PickContext Context(int n, TriedEndpoints? tried = null) =>
        new(RandomBits.Mix((ulong)n), RandomBits.Mix(~(ulong)n), Now, tried);

    /// <summary>The bits that <see cref="RandomBits.Mix"/> turns into the given ones, for draws at an exact edge: its steps backwards.</summary>
    public static ulong Unmixed(ulong mixed)
    {
        mixed = (mixed ^ (mixed >> 31) ^ (mixed >> 62)) * 0x3196_42B2_D24D_8EC3;
        mixed = (mixed ^ (mixed >> 27) ^ (mixed >> 54)) * 0x96DE_1B17_3F11_9089;
        return (mixed ^ (mixed >> 30) ^ (mixed >> 60)) - 0x9E37_79B9_7F4A_7C15;
    }

    /// <summary>
    /// Asserts that picks allocate nothing once code is compiled and buffers have grown, both the first of a request and one after others were tried.
    /// </summary>
    public static void AssertAllocatesNothing(Picker picker, TriedEndpoints tried)
    {
        PickMany(200);
        Allocations.AssertNone(() => PickMany(1_000));

        void PickMany(int picks)
        {
            for (var n = 0; n < picks; n++)
            {
                var first = picker.Pick(Context(n));
                var second = picker.Pick(Context(n, tried));
                first.Lease.Release();
                second.Lease.Release();
            }
        }
    }

    public static TriedEndpoints Tried(params IEnumerable<EndpointCell> cells)
    {
        var tried = new TriedEndpoints();
        foreach (var cell in cells)
        {
            tried.Add(cell);
        }

        return tried;
    }

    /// <summary>Picks and ends the attempt immediately; the pick must succeed.</summary>
    public static EndpointCell Next(this Picker picker, int n = 0, TriedEndpoints? tried = null)
    {
        var result = picker.Pick(Context(n, tried));
        Assert.Equal(PickKind.Picked, result.Kind);
        result.Lease.Release();
        return result.Lease.Cell;
    }

    /// <summary>The hosts picked next, in order.</summary>
    public static string NextHosts(this Picker picker, int picks) =>
        string.Join(' ', Enumerable.Range(0, picks).Select(n => picker.Next(n).Id.Address.Host));

    /// <summary>The number of picks of each endpoint.</summary>
    public static Dictionary<EndpointCell, int> Counts(this Picker picker, int picks) =>
        Enumerable.Range(0, picks).Select(n => picker.Next(n)).CountBy(cell => cell).ToDictionary();
}
