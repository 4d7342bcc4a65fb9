namespace Gateway.Tests.Docs;

/// <summary>A theory that needs an installed program; otherwise skipped, with the reason.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ProgramTheoryAttribute : TheoryAttribute
{
    public ProgramTheoryAttribute(string program)
    {
        Program = program;
        if (!(Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program))))
        {
            Skip = $"{program} is not installed";
        }
    }

    public string Program { get; }
}
