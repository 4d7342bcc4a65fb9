namespace Gateway.Node.Settings;

/// <summary>The version of the gateway that this process is.</summary>
internal static class ProductVersion
{
    /// <summary>Three numbers, as metrics, traces and the other replicas have it.</summary>
    public static string Text { get; } = typeof(ProductVersion).Assembly.GetName().Version?.ToString(3) ?? "0.0.0";
}
