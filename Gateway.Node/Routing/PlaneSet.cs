using System.Collections.Immutable;
using Gateway.Http;

namespace Gateway.Node.Routing;

/// <summary>Which requests a route takes by their plane, those without one among them. A bit for each plane.</summary>
internal readonly record struct PlaneSet
{
    private readonly byte _bits;

    private PlaneSet(int bits) => _bits = (byte)bits;

    /// <summary>Requests of all planes and of none.</summary>
    public static PlaneSet Everything { get; } = new(byte.MaxValue);

    /// <summary>How many planes.</summary>
    public int Count => byte.PopCount(_bits);

    /// <param name="planes">None: requests without a plane.</param>
    public static PlaneSet Of(ImmutableArray<HttpcgPlane> planes) =>
        new(planes.IsEmpty ? BitOf(HttpcgPlane.None) : planes.Aggregate(0, (bits, plane) => bits | BitOf(plane)));

    public bool Has(HttpcgPlane plane) => (_bits & BitOf(plane)) != 0;

    private static int BitOf(HttpcgPlane plane) => 1 << (int)plane;
}
