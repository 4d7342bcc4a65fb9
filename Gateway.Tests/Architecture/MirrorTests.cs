using System.Reflection;
using System.Text.RegularExpressions;
using Gateway.Tests.Docs;

namespace Gateway.Tests.Architecture;

/// <summary>
/// Holds the tests against the projects: tests of a type are in the folder of its namespace. Of Gateway.Core, Gateway.Actors and Gateway.Node the folder has the name
/// without the project; of the others with it, such as <c>Wire/Tls</c>.
/// </summary>
public sealed partial class MirrorTests
{
    private static readonly string[] WithProject = ["Gateway.Http", "Gateway.Wire", "Gateway.Upstream", "Gateway.Cli"];

    /// <summary>Folders that mirror no namespace, with what their tests are about.</summary>
    private static readonly Dictionary<string, string> OwnFolders = new()
    {
        [""] = "what tests of several folders use",
        ["Actors"] = "several actors together",
        ["Architecture"] = "the code as a whole",
        ["Conformance"] = "the rules of HTTP, through a whole replica",
        ["Conformance.Http2"] = "the rules of HTTP/2",
        ["Deploy"] = "manifests and the image",
        ["Docs"] = "documents",
        ["EndToEnd"] = "a whole replica between real sockets",
        ["EndToEnd.Backends"] = "the backends and clients of those tests",
        ["Observability"] = "rules and dashboard, with Prometheus",
        ["Processes"] = "the programs in processes of their own",
    };

    /// <summary>Tests that have the name of a type and are not about it, with the reason.</summary>
    private static readonly Dictionary<string, string> Exceptions = new()
    {
        ["Admin.OpinionTests"] = "opinions as the admin API shows them",
        ["Cluster.ClusterTlsTests"] = "TLS between replicas, and not its options",
    };

    private static readonly ILookup<string, string> PlacesByType = NamespaceTests.Assemblies
        .SelectMany(assembly => assembly.GetTypes())
        .Where(type => !type.IsNested && type.Namespace?.StartsWith("Gateway.", StringComparison.Ordinal) == true)
        .ToLookup(type => type.Name.Split('`')[0], type => PlaceOf(type.Namespace!));

    private static readonly List<Type> Tests =
        [.. typeof(MirrorTests).Assembly.GetTypes().Where(type => type.GetMethods().Any(method => method.GetCustomAttributes<FactAttribute>().Any()))];

    [Theory]
    [InlineData("Gateway.Core.Balancing", "Balancing")]
    [InlineData("Gateway.Node.Engine.Http2", "Engine.Http2")]
    [InlineData("Gateway.Wire.Tls", "Wire.Tls")]
    [InlineData("Gateway.Http", "Http")]
    public void A_namespace_has_one_place(string name, string place) => Assert.Equal(place, PlaceOf(name));

    [Fact]
    public void Tests_of_a_type_are_in_the_folder_of_its_namespace()
    {
        var named = Tests.Where(test => !OwnFolders.ContainsKey(FolderOf(test)) && PlacesByType.Contains(SubjectOf(test))).ToList();
        var strays = named.Where(test => !PlacesByType[SubjectOf(test)].Contains(FolderOf(test))).Select(test => $"{FolderOf(test)}.{test.Name}");

        Assert.InRange(named.Count, 80, int.MaxValue);
        Assert.Equal(Exceptions.Keys.Order(StringComparer.Ordinal), strays.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_folder_is_that_of_a_namespace_or_one_of_those_that_mirror_none()
    {
        var folders = Files().Select(file => file.Folder).ToHashSet();
        var mirrored = PlacesByType.SelectMany(places => places).ToHashSet();
        mirrored.ExceptWith(OwnFolders.Keys);

        Assert.Equal(OwnFolders.Keys.Order(StringComparer.Ordinal), folders.Except(mirrored).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_file_has_the_namespace_of_its_folder() => Assert.All(
        Files(), file => Assert.Equal((file.Path, $"Gateway.Tests.{file.Folder}".TrimEnd('.')), (file.Path, Namespace().Match(File.ReadAllText(file.Path)).Groups[1].Value)));

    private static string SubjectOf(Type test) => test.Name.EndsWith("Tests", StringComparison.Ordinal) ? test.Name[..^"Tests".Length] : "";

    private static string FolderOf(Type test) => test.Namespace!["Gateway.Tests".Length..].TrimStart('.');

    private static string PlaceOf(string name) => string.Join('.', name.Split('.').Skip(WithProject.Any(project => name == project || name.StartsWith($"{project}.", StringComparison.Ordinal)) ? 1 : 2));

    private static IEnumerable<(string Path, string Folder)> Files()
    {
        var root = Path.Combine(Repository.Root, "Gateway.Tests");
        return Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories)
            .Select(path => (Path: path, Folder: Path.GetDirectoryName(Path.GetRelativePath(root, path))!.Replace(Path.DirectorySeparatorChar, '.')))
            .Where(file => file.Folder.Split('.')[0] is not ("bin" or "obj"));
    }

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Namespace();
}
