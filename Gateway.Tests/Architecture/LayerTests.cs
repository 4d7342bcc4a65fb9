using System.CodeDom.Compiler;
using System.Reflection;
using System.Runtime.CompilerServices;
using Akka.Actor;
using Gateway.Actors.Composition;
using Gateway.Core.Cells;
using Gateway.Http;
using Gateway.Node.Composition;
using Gateway.Node.Engine;
using Gateway.Upstream;
using Gateway.Wire;

namespace Gateway.Tests.Architecture;

public sealed class LayerTests
{
    private static readonly Assembly Core = typeof(EndpointCell).Assembly;

    [Fact]
    public void The_core_knows_the_base_library_and_a_hash_and_nothing_else() =>
        Assert.All(ReferencesOf(Core), name => Assert.StartsWith("System.", name, StringComparison.Ordinal));

    [Fact]
    public void Parsers_and_loops_know_the_base_library_and_nothing_else()
    {
        foreach (var assembly in (Assembly[])[typeof(RequestHead).Assembly, typeof(EventLoop).Assembly])
        {
            Assert.All(ReferencesOf(assembly), name => Assert.True(
                name.StartsWith("System.", StringComparison.Ordinal) || name == "Microsoft.Win32.Primitives", name)); // It contains the exception for error numbers.
        }

        Assert.DoesNotContain(ReferencesOf(typeof(RequestHead).Assembly), name => name.StartsWith("System.Net", StringComparison.Ordinal));
    }

    [Fact]
    public void Actors_do_not_know_the_wire_nor_the_wire_the_actors()
    {
        Assert.DoesNotContain("Gateway.Upstream", ReferencesOf(typeof(ActorEnvironment).Assembly));
        Assert.DoesNotContain(ReferencesOf(typeof(BackendTls).Assembly), name => name.StartsWith("Akka", StringComparison.Ordinal) || name == "Gateway.Actors");
    }

    [Fact]
    public void The_engine_knows_nothing_of_how_Kestrel_hands_requests_over()
    {
        var engine = MethodBody.Of(typeof(ProxyLoop).Assembly).Where(method => method.Type.StartsWith("Gateway.Node.Engine.", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(engine);
        Assert.All(
            engine.Concat(MethodBody.Of(typeof(BackendTls).Assembly)),
            method => Assert.DoesNotContain(method.Calls, call =>
                call.StartsWith("Microsoft.AspNetCore.Http.Http", StringComparison.Ordinal) || call.Contains("IHeaderDictionary", StringComparison.Ordinal)));
    }

    [Fact]
    public void Only_the_process_knows_metrics_and_the_command_line()
    {
        foreach (var assembly in (Assembly[])[Core, typeof(ActorEnvironment).Assembly, typeof(BackendTls).Assembly])
        {
            Assert.DoesNotContain(ReferencesOf(assembly), name =>
                name.StartsWith("Prometheus", StringComparison.Ordinal) || name.StartsWith("System.CommandLine", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Messages_are_immutable()
    {
        var messages = typeof(ActorEnvironment).Assembly.GetTypes()
            .Where(t => t.Namespace?.StartsWith("Gateway.Actors.", StringComparison.Ordinal) == true && IsRecord(t) && !t.IsAbstract)
            .ToList();
        Assert.NotEmpty(messages);
        Assert.All(messages, type =>
        {
            Assert.True(type.IsSealed || type.IsAbstract, $"{type} is neither sealed nor a closed set of sealed ones");
            Assert.All(
                type.GetProperties(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic).Where(p => p.SetMethod is not null),
                p => Assert.Contains(typeof(IsExternalInit), p.SetMethod!.ReturnParameter.GetRequiredCustomModifiers()));
        });
    }

    [Fact]
    public void An_actor_names_what_it_gets_and_gets_at_most_seven_things()
    {
        var constructors = ((Type[])[typeof(ActorEnvironment), typeof(GatewayHost)])
            .SelectMany(type => type.Assembly.GetTypes())
            .Where(type => type.IsAssignableTo(typeof(ActorBase)) && !type.IsAbstract)
            .SelectMany(actor => actor.GetConstructors(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic))
            .ToList();
        Assert.NotEmpty(constructors);
        Assert.All(constructors, constructor =>
        {
            Assert.InRange(constructor.GetParameters().Length, 0, 7);
            Assert.DoesNotContain(constructor.GetParameters(), parameter =>
                parameter.ParameterType == typeof(ActorEnvironment) || parameter.ParameterType.IsAssignableTo(typeof(IServiceProvider)));
        });
    }

    [Fact]
    public void No_class_is_made_from_more_than_seven_things_unless_it_is_a_record()
    {
        var constructors = NamespaceTests.Assemblies
            .SelectMany(assembly => assembly.GetTypes())
            .Where(type => type.Namespace?.StartsWith("Gateway.", StringComparison.Ordinal) == true)
            .Where(type => type.GetCustomAttribute<GeneratedCodeAttribute>() is null)
            .Where(type => type.GetMethod("PrintMembers", BindingFlags.Instance | BindingFlags.NonPublic) is null) // A record's parameters are its members.
            .SelectMany(type => type.GetConstructors(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic))
            .ToList();
        Assert.NotEmpty(constructors);
        Assert.Empty(constructors.Where(constructor => constructor.GetParameters().Length > 7).Select(constructor => constructor.DeclaringType!.FullName));
    }

    [Fact]
    public void No_source_file_is_longer_than_three_hundred_lines_and_no_test_than_five_hundred()
    {
        var root = RepositoryRoot();
        var sources = Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(root, path))
            .Where(path => !path.Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj"))
            .ToList();
        Assert.NotEmpty(sources);
        Assert.All(sources, path =>
        {
            var limit = path.StartsWith("Gateway.Tests", StringComparison.Ordinal) ? 500 : 300;
            var lines = File.ReadLines(Path.Combine(root, path)).Count();
            Assert.True(lines <= limit, $"{path} has {lines} lines; allowed: {limit}");
        });
    }

    [Fact]
    public void Bare_line_feeds_are_refused_from_the_first_moment_on()
    {
        RuntimeHelpers.RunModuleConstructor(typeof(GatewayHost).Module.ModuleHandle);
        Assert.True(AppContext.TryGetSwitch("Microsoft.AspNetCore.Server.Kestrel.DisableHttp1LineFeedTerminators", out var on) && on);
    }

    private static IEnumerable<string> ReferencesOf(Assembly assembly) => assembly.GetReferencedAssemblies().Select(a => a.Name!);

    private static bool IsRecord(Type type) => type.GetMethod("<Clone>$") is not null;

    private static string RepositoryRoot([CallerFilePath] string here = "")
    {
        var folder = Path.GetDirectoryName(here);
        while (folder is not null && !File.Exists(Path.Combine(folder, "cluster.sln")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder ?? throw new InvalidOperationException("the tests do not run in the repository that they were built in");
    }
}
