using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Akka.Actor;
using Gateway.Actors.Composition;
using Gateway.Node.Composition;
using Gateway.Node.Settings;

namespace Gateway.Tests.Docs;

/// <summary>Documents are complete, their links resolve, and the names in them exist.</summary>
public sealed partial class DocumentTests
{
    public static TheoryData<string> Documents => [.. Repository.Documents];

    [Theory]
    [MemberData(nameof(Documents))]
    public void Links_lead_to_files_and_headings_that_exist(string document)
    {
        var broken = Link().Matches(WithoutCode(Repository.Read(document)))
            .Select(link => link.Groups[1].Value)
            .Where(target => !target.Contains("://", StringComparison.Ordinal) && !target.StartsWith("mailto:", StringComparison.Ordinal))
            .Where(target => !Exists(document, target));
        Assert.Empty(broken);
    }

    [Fact]
    public void Every_document_is_in_the_index()
    {
        var index = Repository.Read("docs/README.md");
        Assert.All(
            Directory.EnumerateFiles(Path.Combine(Repository.Root, "docs"), "*.md").Select(Path.GetFileName).Where(name => name != "README.md"),
            name => Assert.Contains($"]({name})", index, StringComparison.Ordinal));
        Assert.All(
            (string[])["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md"],
            name => Assert.Contains($"](../{name})", index, StringComparison.Ordinal));
    }

    [Fact]
    public void The_ownership_table_names_every_actor_and_no_other()
    {
        var page = Repository.Read("docs/architecture.md");
        var start = page.IndexOf("## Every actor", StringComparison.Ordinal);
        var section = page[start..page.IndexOf("\n## ", start + 1, StringComparison.Ordinal)];
        var actors = ((Type[])[typeof(ActorEnvironment), typeof(GatewayHost)])
            .SelectMany(type => type.Assembly.GetTypes())
            .Where(type => type.IsAssignableTo(typeof(ActorBase)) && !type.IsAbstract)
            .Select(type => type.Name)
            .Order(StringComparer.Ordinal);
        Assert.Equal(actors, FirstCell().Matches(section).Select(row => row.Groups[1].Value).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_settings_that_replace_directives_of_other_proxies_exist()
    {
        using var reader = new StreamReader(typeof(GatewaySettings).Assembly.GetManifestResourceStream("gateway.schema.json")!);
        var schema = JsonNode.Parse(reader.ReadToEnd())!.AsObject();
        var named = ThirdColumn().Matches(Repository.Read("docs/coming-from.md")).SelectMany(row => Code().Matches(row.Groups[1].Value)).Select(code => code.Groups[1].Value).ToList();
        Assert.True(named.Count > 60);
        Assert.All(named, path => Assert.True(IsSetting(schema, schema, path.Split('.')), path));
    }

    [Fact]
    public void Event_ids_in_the_documents_are_those_of_the_events_that_they_name()
    {
        var named = Repository.Documents.Where(document => document != "CHANGELOG.md")
            .SelectMany(document => NamedEvent().Matches(Repository.Read(document)))
            .Select(found => (Name: found.Groups[1].Value, Id: int.Parse(found.Groups[2].Value, System.Globalization.CultureInfo.InvariantCulture)))
            .Where(found => found.Id < 200) // Larger numbers are HTTP statuses.
            .ToList();
        Assert.NotEmpty(named);
        Assert.All(named, pair => Assert.Contains(EventIndex.All, log => (log.Name, log.Id) == pair));
    }

    private static bool IsSetting(JsonObject schema, JsonObject node, ReadOnlySpan<string> path)
    {
        if ((string?)node["$ref"] is { } reference)
        {
            return IsSetting(schema, schema["definitions"]![reference.Split('/')[^1]]!.AsObject(), path);
        }

        if (node["items"] is JsonObject items && node["properties"] is null && path.Length > 0)
        {
            return IsSetting(schema, items, path);
        }

        if (node["patternProperties"] is JsonObject pools && path.Length > 0)
        {
            return IsSetting(schema, pools.Single().Value!.AsObject(), path);
        }

        return path.Length == 0 || (node["properties"]?[path[0]] is JsonObject next && IsSetting(schema, next, path[1..]));
    }

    private static bool Exists(string document, string target)
    {
        var parts = target.Split('#');
        var file = parts[0].Length == 0 ? document : Path.Combine(Path.GetDirectoryName(document)!, parts[0]);
        var path = Path.GetFullPath(Path.Combine(Repository.Root, file));
        return (File.Exists(path) || Directory.Exists(path))
            && (parts.Length == 1 || Heading().Matches(WithoutBlocks(File.ReadAllText(path))).Select(heading => Anchor(heading.Groups[1].Value)).Contains(parts[1]));
    }

    /// <summary>The anchor that Markdown renderers derive from a heading.</summary>
    private static string Anchor(string heading) =>
        NotInAnchors().Replace(Link().Replace(heading, "").ToLowerInvariant(), "").Replace(' ', '-');

    private static string WithoutBlocks(string text) => Block().Replace(text, "");

    private static string WithoutCode(string text) => Code().Replace(WithoutBlocks(text), "");

    [GeneratedRegex(@"(?<=\])\(([^()\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^#+ (.*)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"^```.*?^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex("`([^`\n]+)`")]
    private static partial Regex Code();

    [GeneratedRegex("[^a-z0-9 _-]")]
    private static partial Regex NotInAnchors();

    [GeneratedRegex(@"^\| `(\w+)` \|", RegexOptions.Multiline)]
    private static partial Regex FirstCell();

    [GeneratedRegex(@"^\|[^|]*\|([^|]*)\|", RegexOptions.Multiline)]
    private static partial Regex ThirdColumn();

    [GeneratedRegex(@"`([a-z0-9-]+)`(?: |, )\(?(\d{1,3})(?:, level|\)|,)")]
    private static partial Regex NamedEvent();
}
