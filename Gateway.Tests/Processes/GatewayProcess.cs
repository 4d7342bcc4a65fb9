using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using Gateway.Node.Composition;

namespace Gateway.Tests.Processes;

/// <summary>A replica in a process of its own, as users run it, with addresses that the system chooses, and listening.</summary>
internal sealed partial class GatewayProcess : IAsyncDisposable
{
    private const string Listening = " listens on ";

    private readonly TemporaryFiles _files;

    private GatewayProcess(RealProcess process, TemporaryFiles files, Uri address, Uri admin) =>
        (Process, _files, Address, Admin) = (process, files, address, admin);

    public RealProcess Process { get; }

    /// <summary>Where requests go.</summary>
    public Uri Address { get; }

    /// <summary>The admin API.</summary>
    public Uri Admin { get; }

    /// <summary>Its settings file, which a test may write anew.</summary>
    public string ConfigPath => _files["gateway.json"];

    /// <param name="config">The text of its gateway.json.</param>
    /// <param name="args">Flags beside those of the addresses and the file.</param>
    /// <param name="variables">Environment variables beside this process's.</param>
    /// <param name="openFiles">The limit of descriptors; null: as it is here.</param>
    public static async Task<GatewayProcess> StartAsync(
        string config, IEnumerable<string>? args = null, IReadOnlyDictionary<string, string?>? variables = null, int? openFiles = null)
    {
        var files = new TemporaryFiles([new("gateway.json", config)]);
        var process = RealProcess.Start(
            RealProcess.ProgramOf(typeof(GatewayHost)),
            ["--listen-addr", "127.0.0.1:0", "--admin-addr", "127.0.0.1:0", "--config", files["gateway.json"], .. args ?? []],
            variables,
            openFiles);
        try
        {
            var admin = AddressIn(await process.SaysAsync("admin API on "));
            return new(process, files, AddressIn(await process.SaysAsync(Listening)), admin);
        }
        catch
        {
            await process.DisposeAsync();
            files.Dispose();
            throw;
        }
    }

    /// <summary>Where requests come in over HTTP/2, for settings with an address for it.</summary>
    public async Task<Uri> Http2AddressAsync()
    {
        await Process.UntilAsync(() => Process.Output.Count(IsListening) == 2);
        return AddressIn(Process.Output.Last(IsListening));
    }

    /// <summary>Sends SIGTERM and waits for the end.</summary>
    /// <returns>The exit code.</returns>
    public Task<int> StopAsync()
    {
        Process.Signal(PosixSignal.SIGTERM);
        return Process.EndsAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Process.DisposeAsync();
        _files.Dispose();
    }

    private static bool IsListening(string line) => line.Contains(Listening, StringComparison.Ordinal);

    private static Uri AddressIn(string line) => new($"http://{Address4().Match(line).Value}");

    [GeneratedRegex(@"127\.0\.0\.1:\d+")]
    private static partial Regex Address4();
}
