using System.Text.RegularExpressions;
using System.Xml.Linq;
using Gateway.Tests.Docs;

namespace Gateway.Tests.Architecture;

/// <summary>Projects refer to what their sources use.</summary>
public sealed partial class ProjectFileTests
{
    private static readonly string[] Projects =
    [
        .. Directory.EnumerateFiles(Repository.Root, "*.csproj", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Repository.Root, path).Replace('\\', '/'))
            .Where(path => !path.Split('/').Any(part => part is "bin" or "obj"))
            .Order(StringComparer.Ordinal),
    ];

    [Fact]
    public void The_projects_that_refer_to_AspNet_are_those_whose_sources_use_it()
    {
        var projects = Projects.Where(project => !IsWeb(project)).ToList(); // The SDK for the web adds usings that no source shows.
        var users = projects.Where(project => SourcesOf(project).Any(source => UsesAspNet().IsMatch(File.ReadAllText(source)))).ToList();
        Assert.Contains("Gateway.Upstream/Gateway.Upstream.csproj", users);
        Assert.DoesNotContain("Gateway.Actors/Gateway.Actors.csproj", users);
        Assert.Equal(users, projects.Where(RefersToAspNet));
    }

    private static IEnumerable<string> SourcesOf(string project)
    {
        var folder = Path.GetDirectoryName(Path.Combine(Repository.Root, project))!;
        return Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
            .Where(path => !Path.GetRelativePath(folder, path).Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj"));
    }

    private static bool IsWeb(string project) => (string?)Read(project).Attribute("Sdk") == "Microsoft.NET.Sdk.Web";

    private static bool RefersToAspNet(string project) =>
        Read(project).Descendants("FrameworkReference").Any(reference => (string?)reference.Attribute("Include") == "Microsoft.AspNetCore.App");

    private static XElement Read(string project) => XDocument.Load(Path.Combine(Repository.Root, project)).Root!;

    [GeneratedRegex(@"^using (static )?Microsoft\.AspNetCore\.", RegexOptions.Multiline)]
    private static partial Regex UsesAspNet();
}
