using System.Collections.Immutable;

namespace Gateway.Core.Analytics;

/// <summary>The kinds of series.</summary>
public enum SeriesKind
{
    Route = 1,
    Pool = 2,
    Endpoint = 3,
}

/// <summary>Identifies one series; the same on every replica.</summary>
/// <param name="Pool">The pool of a pool or endpoint series; empty for routes.</param>
/// <param name="Name">The name of a route or the address of an endpoint; empty for pools.</param>
public readonly record struct SeriesKey(SeriesKind Kind, string Pool, string Name) : IComparable<SeriesKey>
{
    /// <summary>The name for requests that matched no route and reached no pool.</summary>
    public const string None = "none";

    public static SeriesKey Route(string name) => new(SeriesKind.Route, "", name);

    public static SeriesKey OfPool(string name) => new(SeriesKind.Pool, name, "");

    public static SeriesKey Endpoint(string pool, string address) => new(SeriesKind.Endpoint, pool, address);

    /// <summary>Compares by kind, then by name.</summary>
    public int CompareTo(SeriesKey other) => Kind != other.Kind ? Kind.CompareTo(other.Kind)
        : string.CompareOrdinal(Pool, other.Pool) is not 0 and var byPool ? byPool
        : string.CompareOrdinal(Name, other.Name);

    public static bool operator <(SeriesKey left, SeriesKey right) => left.CompareTo(right) < 0;

    public static bool operator >(SeriesKey left, SeriesKey right) => left.CompareTo(right) > 0;

    public static bool operator <=(SeriesKey left, SeriesKey right) => left.CompareTo(right) <= 0;

    public static bool operator >=(SeriesKey left, SeriesKey right) => left.CompareTo(right) >= 0;
}

/// <summary>The names of the kinds.</summary>
public static class SeriesKinds
{
    public static ImmutableArray<SeriesKind> All { get; } = [SeriesKind.Route, SeriesKind.Pool, SeriesKind.Endpoint];

    public static string Name(this SeriesKind kind) => kind switch
    {
        SeriesKind.Route => "route",
        SeriesKind.Pool => "pool",
        SeriesKind.Endpoint => "endpoint",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };
}
