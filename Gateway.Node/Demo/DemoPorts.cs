namespace Gateway.Node.Demo;

/// <summary>The ports of the demo.</summary>
/// <param name="Offset">Added to all of them; null: any free ports.</param>
internal readonly record struct DemoPorts(int? Offset)
{
    /// <summary>The largest offset that keeps every port below 65,536.</summary>
    public const int MaxOffset = 56_000;

    /// <summary>Ports chosen by the system.</summary>
    public static DemoPorts Any => new(null);

    /// <summary>All of them; none if the system chooses.</summary>
    public IEnumerable<int> All => Offset is null
        ? []
        : [.. Each(DemoCluster.Replicas, Gateway), .. Each(DemoCluster.BackendCount, Backend), .. Each(DemoCluster.Replicas, Metrics),
            .. Each(DemoCluster.Replicas, Admin), .. Each(DemoCluster.Replicas, Cluster)];

    /// <summary>8080, 8081, 8082.</summary>
    public int Gateway(int index) => From(8080, index);

    /// <summary>8001 to 8004.</summary>
    public int Backend(int index) => From(8001, index);

    /// <summary>9090, 9091, 9092.</summary>
    public int Metrics(int index) => From(9090, index);

    /// <summary>9110, 9111, 9112.</summary>
    public int Admin(int index) => From(9110, index);

    /// <summary>4053, 4054, 4055.</summary>
    public int Cluster(int index) => From(4053, index);

    private static IEnumerable<int> Each(int count, Func<int, int> portOf) => Enumerable.Range(0, count).Select(portOf);

    private int From(int first, int index) => Offset is { } offset ? first + index + offset : 0;
}
