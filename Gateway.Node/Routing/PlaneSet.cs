using System.Collections.Immutable;
using Gateway.Http;

namespace Gateway.Node.Routing;

/// <summary>The planes of a route's requests, including requests without one. A bit per plane.</summary>
internal readonly record struct PlaneSet
{
    private readonly byte _bits;

    private PlaneSet(int bits) => _bits = (byte)bits;

    /// <summary>Requests with any plane or none.</summary>
    public static PlaneSet Everything { get; } = new(byte.MaxValue);

    /// <summary>The number of planes.</summary>
    public int Count => byte.PopCount(_bits);

    /// <param name="planes">Empty: requests without a plane.</param>
    public static PlaneSet Of(ImmutableArray<HttpcgPlane> planes) =>
        new(planes.IsEmpty ? BitOf(HttpcgPlane.None) : planes.Aggregate(0, (bits, plane) => bits | BitOf(plane)));

    public bool Has(HttpcgPlane plane) => (_bits & BitOf(plane)) != 0;

    private static int BitOf(HttpcgPlane plane) => 1 << (int)plane;
}
