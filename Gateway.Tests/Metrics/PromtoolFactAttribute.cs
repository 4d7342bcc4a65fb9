namespace Gateway.Tests.Metrics;

/// <summary>A test that needs <c>promtool</c> (package prometheus); where it is not on the PATH the test is skipped and says so.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PromtoolFactAttribute : FactAttribute
{
    public PromtoolFactAttribute()
    {
        var found = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Any(folder => File.Exists(Path.Combine(folder, "promtool")) || File.Exists(Path.Combine(folder, "promtool.exe")));
        Skip = found ? null : "promtool is not on the PATH; it comes with Prometheus";
    }
}
