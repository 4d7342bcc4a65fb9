using System.Reflection;
using Gateway.Actors.Composition;
using Gateway.Core.Cells;
using Gateway.Http;
using Gateway.Node.Engine;
using Gateway.Upstream;
using Gateway.Wire;

namespace Gateway.Tests.Architecture;

/// <summary>Checks the order of namespaces within each project: a namespace uses only those before it in the project's list.</summary>
public sealed class NamespaceTests
{
    private static readonly Dictionary<string, (Assembly Assembly, string[] Order)> Projects = new()
    {
        ["Gateway.Core"] = (typeof(EndpointCell).Assembly,
        [
            "Addressing", "Membership", "Running", "Traffic", "Analytics", "Commands",
            "Outcomes", "Connecting", "Breaking", "Retrying", "Health", "Overload", "Outliers",
            "Cells", "Balancing", "Evidence", "Grants", "Zones", "Priorities", "Endpoints", "Pools", "Overrides",
        ]),
        ["Gateway.Http"] = (typeof(RequestHead).Assembly, ["", "Http2"]),
        ["Gateway.Wire"] = (typeof(EventLoop).Assembly, ["", "Tls"]),
        ["Gateway.Upstream"] = (typeof(BackendTls).Assembly, ["", "Http2"]),
        ["Gateway.Actors"] = (typeof(ActorEnvironment).Assembly,
        [
            "", "Running", "Timing", "Journal", "Cluster.Options", "Surroundings", "Supervision", "Overrides", "Probing",
            "Cluster", "Analytics", "Inspection", "Surveys", "Grants", "Cluster.Sharing",
            "Agreement", "Evidence", "Cluster.Wire", "Local", "Commands", "Composition",
        ]),
        ["Gateway.Node"] = (typeof(ProxyLoop).Assembly,
        [
            "Limiting", "Probing", "Settings.Schema", "Routing", "Recording", "Settings", "Page",
            "State", "Certificates", "Signals", "Tracing", "Metrics", "AccessLogs", "Engine", "Engine.Http2", "Tls", "Ingress", "Exporting",
            "Explaining", "Settings.Sections", "Settings.Binding", "Settings.Loading", "Sample", "SelfCheck", "Hosting", "Admin", "WarmUp", "Composition", "Demo",
        ]),
        ["Gateway.Cli"] = (Assembly.Load("pbm"), ["Showing", "", "Talking", "Shell", "Invocation"]),
    };

    public static TheoryData<string> Names => [.. Projects.Keys];

    /// <summary>The projects that make the programs.</summary>
    internal static IEnumerable<Assembly> Assemblies => Projects.Values.Select(project => project.Assembly);

    [Theory]
    [MemberData(nameof(Names))]
    public void Each_namespace_has_a_place_in_the_order_of_its_project(string project) => Assert.Equal(
        Projects[project].Order.Select(name => FullNameOf(project, name)).Order(StringComparer.Ordinal),
        TypesOf(project).Select(type => type.Namespace).Distinct().Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Names))]
    public void A_namespace_uses_only_those_before_it(string project)
    {
        var order = Projects[project].Order.Select(name => FullNameOf(project, name)).ToList();
        var offences = UsesAgainst(order, TypesOf(project));
        Assert.True(offences.Count == 0, string.Join('\n', offences));
    }

    [Fact]
    public void Uses_are_found_in_bases_signatures_locals_and_code()
    {
        var seen = TypeUses.Of(typeof(NamespaceTests).Assembly).Single(type => type.Name == nameof(NamespaceTests));

        Assert.Contains((seen.Namespace, nameof(TypeUses)), seen.Uses);
        Assert.NotEmpty(UsesAgainst(["A", "B"], [new("A", "Lower", [("B", "Upper")])]));
        Assert.Empty(UsesAgainst(["A", "B"], [new("B", "Upper", [("A", "Lower")])]));
    }

    private static List<string> UsesAgainst(List<string> order, IEnumerable<TypeUses> types) =>
    [
        .. from type in types
           from used in type.Uses
           where order.IndexOf(used.Namespace) > order.IndexOf(type.Namespace)
           select $"{type.Namespace}.{type.Name} uses {used.Namespace}.{used.Name}, which comes after it",
    ];

    /// <summary>The types of a project. Those added by source generators have their own namespaces and are left out.</summary>
    private static IEnumerable<TypeUses> TypesOf(string project) =>
        TypeUses.Of(Projects[project].Assembly).Where(type => type.Namespace.StartsWith("Gateway.", StringComparison.Ordinal));

    private static string FullNameOf(string project, string name) => name.Length == 0 ? project : $"{project}.{name}";
}
