using System.Diagnostics;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Gateway.Tests.Deploy;

namespace Gateway.Tests.Observability;

/// <summary>
/// A real Prometheus, on a port chosen by the system, with the scrape file and the rules of deploy/prometheus except for targets and intervals.
/// </summary>
internal sealed partial class PrometheusProcess : IAsyncDisposable
{
    /// <summary>The time limit of any operation on a slow machine under load.</summary>
    private static readonly TimeSpan WaitTimeout = TimeSpan.FromSeconds(90);

    private readonly DirectoryInfo _folder;
    private readonly Process _process;
    private readonly HttpClient _client;
    private readonly Task _said;

    private PrometheusProcess(DirectoryInfo folder, Process process, string address, Task said)
    {
        (_folder, _process, _said) = (folder, process, said);
        _client = new(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new($"http://{address}") };
    }

    /// <param name="targets">The actual addresses of the replicas in the scrape file, by their address there.</param>
    public static async Task<PrometheusProcess> StartAsync(IReadOnlyDictionary<string, string> targets)
    {
        var folder = Directory.CreateTempSubdirectory("gateway-prometheus-");
        Directory.CreateDirectory(Path.Combine(folder.FullName, "rules"));
        foreach (var file in Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "deploy/prometheus/rules")))
        {
            File.Copy(file, Path.Combine(folder.FullName, "rules", Path.GetFileName(file)));
        }

        var config = Deployment.Read("deploy/prometheus/prometheus.yml").Replace("_interval: 5s", "_interval: 1s", StringComparison.Ordinal);
        config = targets.Aggregate(config, (text, target) => text.Replace($"\"{target.Key}\"", $"\"{target.Value}\"", StringComparison.Ordinal));
        var path = Path.Combine(folder.FullName, "prometheus.yml");
        await File.WriteAllTextAsync(path, config);
        var process = Process.Start(new ProcessStartInfo(
            "prometheus",
            [$"--config.file={path}", $"--storage.tsdb.path={Path.Combine(folder.FullName, "data")}", "--web.listen-address=127.0.0.1:0"])
        {
            RedirectStandardError = true,
        })!;
        var ready = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        var said = ReadAsync(process.StandardError, ready);
        try
        {
            return new(folder, process, await ready.Task.WaitAsync(WaitTimeout), said);
        }
        catch
        {
            process.Kill();
            process.Dispose();
            folder.Delete(recursive: true);
            throw;
        }
    }

    /// <summary>The number of series in a query's result; fails if Prometheus does not accept it.</summary>
    public async Task<int> CountAsync(string query) =>
        (await AskAsync($"/api/v1/query?query={Uri.EscapeDataString(query)}"))["result"]!.AsArray().Count;

    /// <summary>All rules with the result of their last evaluation.</summary>
    public async Task<IReadOnlyList<(string Name, string Health, string? Error)>> RulesAsync() =>
    [
        .. (await AskAsync("/api/v1/rules"))["groups"]!.AsArray()
            .SelectMany(group => group!["rules"]!.AsArray())
            .Select(rule => ((string)rule!["name"]!, (string)rule["health"]!, (string?)rule["lastError"])),
    ];

    /// <summary>Repeats until the list of missing items is empty; fails with that list in the end.</summary>
    public static async Task UntilAsync(Func<Task<IReadOnlyList<string>>> whatIsNot)
    {
        var until = Stopwatch.GetTimestamp();
        IReadOnlyList<string> left;
        while ((left = await whatIsNot()).Count > 0)
        {
            Assert.True(Stopwatch.GetElapsedTime(until) < WaitTimeout, string.Join('\n', left));
            await Task.Delay(200);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        _process.Kill();
        await _process.WaitForExitAsync();
        await _said;
        _process.Dispose();
        _folder.Delete(recursive: true);
    }

    private async Task<JsonNode> AskAsync(string path)
    {
        using var answer = await _client.GetAsync(new Uri(path, UriKind.Relative));
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{Uri.UnescapeDataString(path)}: {text}");
        return JsonNode.Parse(text)!["data"]!;
    }

    private static async Task ReadAsync(StreamReader lines, TaskCompletionSource<string> ready)
    {
        var all = new List<string>();
        string? address = null;
        while (await lines.ReadLineAsync() is { } line)
        {
            all.Add(line);
            if (Listening().Match(line) is { Success: true } match)
            {
                address = match.Groups[1].Value;
            }
            else if (address is not null && line.Contains("ready to receive web requests", StringComparison.Ordinal))
            {
                ready.TrySetResult(address);
            }
        }

        ready.TrySetException(new InvalidOperationException($"prometheus has ended:\n{string.Join('\n', all.TakeLast(20))}"));
    }

    [GeneratedRegex(@"Listening on"" address=(127\.0\.0\.1:\d+)")]
    private static partial Regex Listening();
}
