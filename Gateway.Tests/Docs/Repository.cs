using System.Runtime.CompilerServices;

namespace Gateway.Tests.Docs;

/// <summary>The files of the repository in which the tests were built.</summary>
internal static class Repository
{
    /// <summary>If set to 1, the tests of generated documents write them instead of comparing them.</summary>
    public const string WriteVariable = "GATEWAY_WRITE_DOCS";

    public static string Root { get; } = FindRoot();

    /// <param name="path">Relative to the top of the repository.</param>
    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    /// <summary>The Markdown documents for readers, relative to the top of the repository, with forward slashes.</summary>
    public static IReadOnlyList<string> Documents { get; } =
    [
        .. Directory.EnumerateFiles(Root, "*.md")
            .Concat(Directory.EnumerateFiles(Path.Combine(Root, "docs"), "*.md", SearchOption.AllDirectories))
            .Concat(Directory.EnumerateFiles(Path.Combine(Root, "deploy"), "*.md", SearchOption.AllDirectories))
            .Select(path => Path.GetRelativePath(Root, path).Replace('\\', '/'))
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>Fails unless a generated file is up to date.</summary>
    public static void Holds(string path, string generated)
    {
        var file = Path.Combine(Root, path);
        if (Environment.GetEnvironmentVariable(WriteVariable) == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, generated);
        }

        Assert.True(File.Exists(file) && File.ReadAllText(file) == generated, $"{path} is not up to date: run the tests of documents with {WriteVariable}=1 and commit what they write");
    }

    private static string FindRoot([CallerFilePath] string here = "")
    {
        var folder = Path.GetDirectoryName(here);
        while (folder is not null && !File.Exists(Path.Combine(folder, "cluster.sln")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder ?? throw new InvalidOperationException("the tests do not run in the repository that they were built in");
    }
}
