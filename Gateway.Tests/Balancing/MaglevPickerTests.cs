using System.IO.Hashing;
using System.Text;
using Gateway.Core.Balancing;
using Gateway.Core.Cells;

namespace Gateway.Tests.Balancing;

public sealed class MaglevPickerTests
{
    private const int Keys = 10_000;

    private readonly EndpointCell[] _cells = TestCells.Many(10);

    [Fact]
    public void The_slots_of_a_member_follow_the_formula()
    {
        Assert.Equal([3, 8, 13], Enumerable.Range(0, 3).Select(j => MaglevTable.Slot(3, 4, j)));

        // 2^64 - 1 is 0 modulo 65,537 and modulo 65,536 is 65,535: the stride 65,536 goes backwards.
        Assert.Equal([0, 65_536, 65_535], Enumerable.Range(0, 3).Select(j => MaglevTable.Slot(ulong.MaxValue, ulong.MaxValue, j)));
    }

    [Fact]
    public void Every_stride_visits_every_slot() =>
        Assert.Equal(MaglevTable.Size, Enumerable.Range(0, MaglevTable.Size).Select(j => MaglevTable.Slot(7, 4_095, j)).Distinct().Count());

    [Fact]
    public void The_table_is_the_one_of_the_paper()
    {
        var members = _cells[..3].Candidates();
        var table = new MaglevTable(members);
        var paper = Paper(members);
        Assert.All(Enumerable.Range(0, MaglevTable.Size), slot => Assert.Equal(paper[slot], table[(ulong)slot]));
    }

    [Fact]
    public void The_order_of_the_configuration_does_not_matter()
    {
        var table = new MaglevTable(_cells.Candidates());
        var reversed = new MaglevTable([.. _cells.Candidates().Reverse()]);
        Assert.All(Enumerable.Range(0, MaglevTable.Size), slot => Assert.Equal(9 - table[(ulong)slot], reversed[(ulong)slot]));
    }

    [Fact]
    public void Slots_are_by_weight_to_within_one_percent()
    {
        var table = new MaglevTable(_cells[..3].Candidates(4, 2, 1));
        var slots = Enumerable.Range(0, MaglevTable.Size).CountBy(slot => table[(ulong)slot]).ToDictionary();
        Assert.All([0, 1, 2], i => Assert.InRange(slots[i] * 7d / MaglevTable.Size / (4 >> i), 0.99, 1.01));
    }

    /// <summary>Replicas of one cluster, even of different builds, must choose the same.</summary>
    [Fact]
    public void The_table_of_weighted_members_is_fixed()
    {
        var table = new MaglevTable(_cells[..3].Candidates(3, 2, 1));
        byte[] slots = [.. Enumerable.Range(0, MaglevTable.Size).Select(slot => (byte)table[(ulong)slot])];
        Assert.Equal(17042350687532435968UL, XxHash3.HashToUInt64(slots));
    }

    [Fact]
    public void Removing_one_of_ten_moves_its_keys_and_few_others()
    {
        var (own, others) = Moved(Build([.. _cells.Candidates().Where(member => member.Cell != _cells[4])]));
        Assert.InRange(own, Keys * 0.08, Keys * 0.12);
        Assert.InRange(others, 0, Keys * 0.05);
    }

    [Fact]
    public void Ejecting_one_moves_no_key_of_the_others_and_spreads_its_own_evenly()
    {
        var ejected = Build(_cells.Candidates().Without(_cells[4]));
        var (own, others) = Moved(ejected);
        Assert.InRange(own, Keys * 0.08, Keys * 0.12);
        Assert.Equal(0, others);
        Assert.All(ejected.Counts(Keys).Values, count => Assert.InRange(count, Keys * 0.09, Keys * 0.13));
    }

    [Fact]
    public void An_endpoint_that_trips_after_the_snapshot_moves_the_same_keys_to_the_same_places()
    {
        var ejected = Owners(Build(_cells.Candidates().Without(_cells[4])));
        var picker = Build(_cells.Candidates());
        _cells[4].Trip();
        Assert.Equal(ejected, Owners(picker));
    }

    private static int[] Paper(Candidate[] members)
    {
        var permutations = members.Select(member => Encoding.UTF8.GetBytes(member.Cell.Id.Address.Canonical)).Select(address =>
            (Offset: XxHash3.HashToUInt64(address) % 65_537, Skip: (XxHash64.HashToUInt64(address) % 65_536) + 1)).ToArray();
        var next = new ulong[members.Length];
        var entry = Enumerable.Repeat(-1, 65_537).ToArray();
        for (var filled = 0; filled < entry.Length; filled++)
        {
            var i = filled % members.Length;
            ulong slot;
            do
            {
                slot = (permutations[i].Offset + (next[i]++ * permutations[i].Skip)) % 65_537;
            }
            while (entry[slot] >= 0);
            entry[slot] = i;
        }

        return entry;
    }

    private static Picker Build(Candidate[] members) => TestCells.Build(Strategy.Maglev, members);

    private static EndpointCell[] Owners(Picker picker) => [.. Enumerable.Range(0, Keys).Select(n => picker.Next(n))];

    private (int Own, int Others) Moved(Picker after)
    {
        var moved = Owners(Build(_cells.Candidates())).Zip(Owners(after)).Where(pair => pair.First != pair.Second).ToArray();
        var own = moved.Count(pair => pair.First == _cells[4]);
        return (own, moved.Length - own);
    }
}
