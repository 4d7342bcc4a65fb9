using Gateway.Node.Settings;
using Gateway.Node.Settings.Loading;

namespace Gateway.Tests.Settings;

/// <summary>Loads settings from a command line, variables and a file given in the test.</summary>
internal static class Given
{
    public const string FilePath = "gateway.json";

    /// <summary>The files named in the schema's examples.</summary>
    private static readonly Dictionary<string, string> Examples = new(StringComparer.Ordinal)
    {
        ["/run/secrets/gateway-admin-token"] = "0123456789abcdef",
        ["/run/secrets/gateway-affinity-key"] = "0123456789abcdef0123456789abcdef",
        ["/etc/gateway/affinity-key"] = "0123456789abcdef0123456789abcdeX\n",
        ["/etc/gateway/ca.pem"] = TestCertificates.Files["ca.crt"],
        ["/etc/gateway/client.pem"] = TestCertificates.Files["a.crt"] + "\n" + TestCertificates.Files["a.key"],
    };

    public const string OneEndpoint = "--relay-endpoints http://127.0.0.1:9001";

    public static Task<SettingsResult> Load(string flags, string? file = null, params (string Name, string Value)[] variables) =>
        SettingsLoader.LoadAsync(Source(flags, file, variables));

    public static async Task<GatewaySettings> Loaded(string flags, string? file = null, params (string Name, string Value)[] variables)
    {
        var result = await Load(flags, file, variables);
        Assert.True(result is SettingsResult.Loaded, string.Join('\n', (result as SettingsResult.Faulty)?.Faults ?? []));
        return ((SettingsResult.Loaded)result).Settings;
    }

    /// <summary>The lines printed, without <c>gateway: </c> at the start.</summary>
    public static async Task<IReadOnlyList<string>> Faults(string flags, string? file = null, params (string Name, string Value)[] variables)
    {
        var faulty = Assert.IsType<SettingsResult.Faulty>(await Load(flags, file, variables));
        Assert.All(faulty.Faults, line => Assert.StartsWith("gateway: ", line, StringComparison.Ordinal));
        return [.. faulty.Faults.Select(line => line["gateway: ".Length..])];
    }

    /// <summary>The one line for a file whose only error is in this pool section.</summary>
    public static async Task<string> FaultOfPool(string section) => Assert.Single(await Faults("", Pool(section)));

    /// <summary>A file with this section, and an endpoint, for the pool <c>default</c>.</summary>
    public static string Pool(string section) =>
        """{ "pools": { "default": { "endpoints": [ { "address": "http://a:1" } ], """ + section + " } } }";

    public static SettingsSource Source(string flags, string? file, params (string Name, string Value)[] variables)
    {
        var args = flags.Split(' ', StringSplitOptions.RemoveEmptyEntries).ToList();
        if (file is not null)
        {
            args.AddRange(["--config", FilePath]);
        }

        return new(
            new GatewayCommand((_, _, _) => Task.FromResult(0)).Parse(args),
            variables.ToDictionary(v => v.Name, v => v.Value),
            (path, _) => file is not null && path == FilePath ? Task.FromResult(file)
                : Examples.TryGetValue(path, out var example) ? Task.FromResult(example)
                : TestCertificates.Files.TryGetValue(path, out var pem) ? Task.FromResult(pem)
                : throw new FileNotFoundException("no such file", path),
            "host-1");
    }
}
