using System.Diagnostics;
using System.Text.RegularExpressions;
using Gateway.Node.Hosting;
using Gateway.Tests.EndToEnd.Backends;

namespace Gateway.Tests.EndToEnd;

/// <summary>A replica in a process of its own, as users run it: for what the runtime decides once for a whole process.</summary>
internal sealed partial class GatewayProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly string _config;

    private GatewayProcess(Process process, string config, Uri address) => (_process, _config, Address) = (process, config, address);

    /// <summary>Where requests go.</summary>
    public Uri Address { get; }

    /// <param name="config">The text of its gateway.json.</param>
    public static async Task<GatewayProcess> StartAsync(string config, params (string Name, string Value)[] variables)
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, config);
        var start = new ProcessStartInfo(
            "dotnet", [typeof(GatewayHost).Assembly.Location, "--listen-addr", "127.0.0.1:0", "--admin-addr", "127.0.0.1:0", "--config", file])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in variables)
        {
            start.Environment[name] = value;
        }

        var process = Process.Start(start)!;
        var said = new List<string>();
        using var patience = new CancellationTokenSource(6 * RawBackend.Patience);
        while (await process.StandardOutput.ReadLineAsync(patience.Token) is { } line)
        {
            said.Add(line);
            if (Listening().Match(line) is { Success: true } match)
            {
                // Nobody reads on: what it logs from here on is little, and fits into the pipe.
                return new(process, file, new Uri($"http://{match.Groups[1].Value}"));
            }
        }

        process.Kill();
        throw new InvalidOperationException($"it does not listen, but says:\n{string.Join('\n', said)}\n{await process.StandardError.ReadToEndAsync(patience.Token)}");
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        File.Delete(_config);
    }

    [GeneratedRegex(@"listens on (127\.0\.0\.1:\d+)")]
    private static partial Regex Listening();
}
