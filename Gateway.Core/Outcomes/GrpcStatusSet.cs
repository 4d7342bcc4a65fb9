using System.Collections;
using System.Runtime.CompilerServices;

namespace Gateway.Core.Outcomes;

/// <summary>A set of gRPC statuses. Sets with the same statuses are equal.</summary>
[CollectionBuilder(typeof(GrpcStatusSet), nameof(Of))]
public readonly record struct GrpcStatusSet : IEnumerable<GrpcStatus>
{
    /// <summary>Bit n is status n.</summary>
    private readonly uint _bits;

    private GrpcStatusSet(uint bits) => _bits = bits;

    public static GrpcStatusSet Of(params ReadOnlySpan<GrpcStatus> statuses)
    {
        uint bits = 0;
        foreach (var status in statuses)
        {
            bits |= 1u << (int)status;
        }

        return new(bits);
    }

    /// <param name="status">Null if not known; no set contains it.</param>
    public bool Contains(GrpcStatus? status) => status is { } known && ((_bits >> (int)known) & 1) != 0;

    public IEnumerator<GrpcStatus> GetEnumerator()
    {
        for (var status = GrpcStatus.Ok; status <= GrpcStatus.Unauthenticated; status++)
        {
            if (Contains(status))
            {
                yield return status;
            }
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
