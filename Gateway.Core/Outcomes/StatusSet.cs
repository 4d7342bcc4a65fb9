using System.Collections;
using System.Runtime.CompilerServices;

namespace Gateway.Core.Outcomes;

/// <summary>A set of statuses from 500 to 599. Sets with the same statuses are equal.</summary>
[CollectionBuilder(typeof(StatusSet), nameof(Of))]
public readonly record struct StatusSet : IEnumerable<int>
{
    public const int First = 500;
    public const int Last = 599;

    /// <summary>Bit 0 is status 500.</summary>
    private readonly UInt128 _bits;

    private StatusSet(UInt128 bits) => _bits = bits;

    /// <summary>Throws <see cref="ArgumentOutOfRangeException"/> for a status outside <see cref="First"/> to <see cref="Last"/>.</summary>
    public static StatusSet Of(params ReadOnlySpan<int> statuses)
    {
        UInt128 bits = 0;
        foreach (var status in statuses)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(status, First);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(status, Last);
            bits |= UInt128.One << (status - First);
        }

        return new(bits);
    }

    public bool Contains(int status) => status is >= First and <= Last && ((_bits >> (status - First)) & 1) != 0;

    public IEnumerator<int> GetEnumerator()
    {
        for (var status = First; status <= Last; status++)
        {
            if (Contains(status))
            {
                yield return status;
            }
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
