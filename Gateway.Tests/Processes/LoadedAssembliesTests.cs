using Gateway.Tests.EndToEnd;

namespace Gateway.Tests.Processes;

/// <summary>Assemblies that a ready replica must not have loaded, since they would occupy memory for good without need.</summary>
public sealed class LoadedAssembliesTests
{
    private static readonly string[] Unneeded =
    [
        "NJsonSchema.dll", "Newtonsoft.Json.dll", "System.Private.Xml.dll", "System.Data.Common.dll", "System.ComponentModel.TypeConverter.dll",
        "System.Configuration.ConfigurationManager.dll", "OpenTelemetry.dll", "OpenTelemetry.Exporter.OpenTelemetryProtocol.dll",
    ];

    [LinuxFact]
    public async Task A_replica_that_is_ready_has_loaded_nothing_for_files_that_nobody_has()
    {
        await using var gateway = await GatewayProcess.StartAsync("""{ "relayEndpoints": "http://127.0.0.1:9", "warmUp": "0s" }""", ["--cluster-addr", "127.0.0.1:0"]);
        using var client = new HttpClient();
        await Eventually.IsAsync(async () =>
        {
            using var answer = await client.GetAsync(new Uri(gateway.Address, "/ready"));
            return answer.IsSuccessStatusCode;
        });
        var loaded = (await File.ReadAllLinesAsync($"/proc/{gateway.Process.Pid}/maps"))
            .Select(line => Path.GetFileName(line.Split(' ')[^1])).ToHashSet(StringComparer.Ordinal);
        Assert.Contains("gateway.dll", loaded);
        Assert.DoesNotContain(Unneeded, loaded.Contains);
    }
}
