namespace Gateway.Tests.Metrics;

/// <summary>A test that needs an installed program; skipped, with the reason, if it is not on the PATH.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ProgramFactAttribute : FactAttribute
{
    public ProgramFactAttribute(string program)
    {
        var found = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Any(folder => File.Exists(Path.Combine(folder, program)) || File.Exists(Path.Combine(folder, $"{program}.exe")));
        Skip = found ? null : $"{program} is not on the PATH";
    }
}
