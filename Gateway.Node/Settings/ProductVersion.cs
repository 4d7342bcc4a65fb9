namespace Gateway.Node.Settings;

/// <summary>The version of this gateway.</summary>
internal static class ProductVersion
{
    /// <summary>Three numbers, as in metrics, traces and messages to other replicas.</summary>
    public static string Text { get; } = typeof(ProductVersion).Assembly.GetName().Version?.ToString(3) ?? "0.0.0";
}
