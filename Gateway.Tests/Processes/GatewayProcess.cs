using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using Gateway.Node.Composition;

namespace Gateway.Tests.Processes;

/// <summary>A listening replica in its own process, with addresses chosen by the system.</summary>
internal sealed partial class GatewayProcess : IAsyncDisposable
{
    private const string Listening = " listens on ";

    private readonly TemporaryFiles _files;

    private GatewayProcess(RealProcess process, TemporaryFiles files, Uri address, Uri admin) =>
        (Process, _files, Address, Admin) = (process, files, address, admin);

    public RealProcess Process { get; }

    /// <summary>The address of requests.</summary>
    public Uri Address { get; }

    /// <summary>The address of the admin API.</summary>
    public Uri Admin { get; }

    /// <summary>Its settings file, which a test may rewrite.</summary>
    public string ConfigPath => _files["gateway.json"];

    /// <param name="config">The text of its gateway.json.</param>
    /// <param name="args">Further flags.</param>
    /// <param name="variables">Further environment variables.</param>
    /// <param name="openFiles">The limit of descriptors; null: this process's.</param>
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

    /// <summary>The HTTP/2 address, if configured.</summary>
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
