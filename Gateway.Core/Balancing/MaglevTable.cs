using System.IO.Hashing;
using System.Text;

namespace Gateway.Core.Balancing;

/// <summary>
/// Maglev's lookup table (Eisenbud et al., NSDI 2016): each member visits the slots in its own order and, on its turn, takes the
/// first free one. A lookup is one read, shares differ by about 1 %, and removing one of n members moves about 1/n of the slots
/// and few others. The same on every replica, independent of the order in the configuration.
/// </summary>
public sealed class MaglevTable
{
    /// <summary>The number of slots: a prime, so that every stride visits all of them.</summary>
    public const int Size = 65_537;

    private readonly int[] _slots;

    /// <param name="members">At least one; the table holds their indices. Slow start is ignored.</param>
    public MaglevTable(IReadOnlyList<Candidate> members)
    {
        var turns = members
            .Select((member, index) => new Taker(member, index))
            .OrderBy(taker => taker.Address, StringComparer.Ordinal)
            .ToArray();
        var heaviest = members.Max(member => member.Weight);
        _slots = new int[Size];
        Array.Fill(_slots, -1);
        for (var left = Size; left > 0;)
        {
            foreach (var taker in turns)
            {
                if (left > 0 && taker.HasTurn(heaviest))
                {
                    taker.Take(_slots);
                    left--;
                }
            }
        }
    }

    /// <summary>
    /// Returns the j-th slot in the order of a member whose address hashes to <paramref name="h1"/> and <paramref name="h2"/>:
    /// <c>(h1 mod M + j*(h2 mod (M - 1) + 1)) mod M</c>. With h1 = 3 and h2 = 4: 3, 8, 13 and so on.
    /// </summary>
    public static int Slot(ulong h1, ulong h2, int j) =>
        (int)(((h1 % Size) + ((ulong)j * ((h2 % (Size - 1)) + 1))) % Size);

    /// <summary>Returns the member at the slot of a hash.</summary>
    public int this[ulong hash] => _slots[hash % Size];

    /// <summary>A member and its position in its order of slots.</summary>
    private sealed class Taker(Candidate member, int index)
    {
        private readonly ulong _h1 = XxHash3.HashToUInt64(Utf8(member));
        private readonly ulong _h2 = XxHash64.HashToUInt64(Utf8(member));
        private int _next;
        private int _credit;

        public string Address { get; } = member.Cell.Id.Address.Canonical;

        /// <summary>
        /// Whether the member takes a slot in this round: the heaviest in every round, one of half its weight in every other.
        /// </summary>
        public bool HasTurn(int heaviest)
        {
            _credit += member.Weight;
            var turn = _credit >= heaviest;
            _credit -= turn ? heaviest : 0;
            return turn;
        }

        public void Take(int[] slots)
        {
            int slot;
            do
            {
                slot = Slot(_h1, _h2, _next++);
            }
            while (slots[slot] >= 0);
            slots[slot] = index;
        }

        private static byte[] Utf8(Candidate member) => Encoding.UTF8.GetBytes(member.Cell.Id.Address.Canonical);
    }
}
