using System.Diagnostics;
using System.Runtime.InteropServices;
using Gateway.Cli.Invocation;
using Gateway.Node.Composition;

namespace Gateway.Tests.Processes;

/// <summary>
/// The built <c>gateway</c> or <c>pbm</c> in its own process, as users run it: its exit code, its two streams line by line, and signals. Disposing it kills it
/// by its own pid if it still runs.
/// </summary>
internal sealed class RealProcess : IAsyncDisposable
{
    /// <summary>The time limit of any operation on a slow machine under load.</summary>
    public static readonly TimeSpan WaitTimeout = TimeSpan.FromMinutes(3);

    private const int FilesLimit = 7; // RLIMIT_NOFILE

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    private readonly Process _process;
    private readonly ProcessLines _lines = new();
    private readonly Task _reading;

    private RealProcess(Process process)
    {
        _process = process;
        Pid = process.Id;
        _reading = Task.WhenAll(_lines.ReadAsync(process.StandardOutput, isError: false), _lines.ReadAsync(process.StandardError, isError: true));
    }

    public int Pid { get; }

    /// <summary>Its standard input.</summary>
    public StreamWriter Input => _process.StandardInput;

    /// <summary>Lines of standard output so far.</summary>
    public IReadOnlyList<string> Output => _lines.Of(isError: false);

    /// <summary>Lines of standard error so far.</summary>
    public IReadOnlyList<string> Errors => _lines.Of(isError: true);

    /// <summary>Everything written so far, for the message of a failed test.</summary>
    public string Said => _lines.ToString();

    /// <summary>Starts <c>gateway</c> with these arguments.</summary>
    public static RealProcess Gateway(params string[] args) => Start(ProgramOf(typeof(GatewayHost)), args);

    /// <summary>Starts <c>pbm</c> with these arguments.</summary>
    public static RealProcess Pbm(params string[] args) => Start(ProgramOf(typeof(Pbm)), args);

    /// <summary>The command line that runs a type's program.</summary>
    public static IReadOnlyList<string> ProgramOf(Type type) => ["dotnet", type.Assembly.Location];

    /// <param name="program">The program and its first arguments; see <see cref="ProgramOf"/>.</param>
    /// <param name="variables">Added to this process's environment; null removes one.</param>
    /// <param name="openFiles">The limit of descriptors (RLIMIT_NOFILE), soft and hard; null: this process's.</param>
    /// <param name="folder">Its working directory; null: this process's.</param>
    public static RealProcess Start(
        IReadOnlyList<string> program, IEnumerable<string> args, IReadOnlyDictionary<string, string?>? variables = null, int? openFiles = null,
        string? folder = null)
    {
        // The shell becomes the program, so that the pid is the program's.
        string[] line = openFiles is { } limit
            ? ["/bin/sh", "-c", $"ulimit -n {limit}; exec \"$@\"", "sh", .. program, .. args]
            : [.. program, .. args];
        var start = new ProcessStartInfo(line[0], line[1..])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder ?? "",
        };
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("GATEWAY_TEST_", StringComparison.Ordinal)).ToList())
        {
            start.Environment.Remove(name); // The tests' own, of which a gateway would warn.
        }

        foreach (var (name, value) in variables ?? new Dictionary<string, string?>())
        {
            start.Environment[name] = value;
        }

        return new(Process.Start(start)!);
    }

    /// <summary>Waits for a line on either stream that contains a text; fails when the process ends first, or after <see cref="WaitTimeout"/>.</summary>
    /// <returns>The line.</returns>
    public Task<string> SaysAsync(string text) => _lines.WaitAsync(text, WaitTimeout);

    /// <summary>Whether a line so far, on either stream, contains a text.</summary>
    public bool HasSaid(string text) => _lines.Has(text);

    /// <summary>Sends a signal. Does nothing if the process has ended.</summary>
    public void Signal(PosixSignal signal) => _ = Kill(Pid, NumberOf(signal));

    /// <summary>Lowers or raises the soft limit of descriptors while it runs.</summary>
    /// <returns>The limit before.</returns>
    public ulong LimitFiles(ulong limit)
    {
        var before = default(ResourceLimit);
        Assert.Equal(0, LimitOf(Pid, FilesLimit, 0, ref before));
        var limits = before with { Soft = limit };
        Assert.Equal(0, SetLimit(Pid, FilesLimit, ref limits, 0));
        return before.Soft;
    }

    /// <summary>Waits until the process handles a signal itself: until then the system's default applies.</summary>
    public Task CatchesAsync(PosixSignal signal) => UntilAsync(() =>
        StatusOf("SigCgt:") is { } caught && (Convert.ToUInt64(caught, 16) >> (NumberOf(signal) - 1) & 1) != 0);

    /// <inheritdoc cref="UntilAsync(Func{Task{bool}})"/>
    public Task UntilAsync(Func<bool> isSo) => UntilAsync(() => Task.FromResult(isSo()));

    /// <summary>Waits until a condition holds; fails when the process ends first, or after <see cref="WaitTimeout"/>.</summary>
    public async Task UntilAsync(Func<Task<bool>> isSo)
    {
        using var limit = new CancellationTokenSource(WaitTimeout);
        while (!await isSo())
        {
            if (_process.HasExited)
            {
                Assert.Fail($"it has ended with {_process.ExitCode}: {Said}");
            }

            await Task.Delay(Pause, limit.Token);
        }
    }

    /// <summary>Waits for the end and for all output. The code of a process killed by a signal is 128 plus the signal's number, as in a shell.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> EndsAsync(TimeSpan? timeout = null)
    {
        using var limit = new CancellationTokenSource(timeout ?? WaitTimeout);
        try
        {
            await _process.WaitForExitAsync(limit.Token);
            await _reading.WaitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"it still runs: {Said}");
        }

        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        await _process.WaitForExitAsync();
        await _reading;
        _process.Dispose();
    }

    private string? StatusOf(string field)
    {
        try
        {
            return File.ReadLines($"/proc/{Pid}/status").FirstOrDefault(line => line.StartsWith(field, StringComparison.Ordinal))?[field.Length..].Trim();
        }
        catch (IOException)
        {
            return null; // It has ended.
        }
    }

    [DllImport("libc", EntryPoint = "prlimit")]
    private static extern int LimitOf(int pid, int resource, nint none, ref ResourceLimit limits);

    [DllImport("libc", EntryPoint = "prlimit")]
    private static extern int SetLimit(int pid, int resource, ref ResourceLimit limits, nint none);

    private static int NumberOf(PosixSignal signal) => signal switch
    {
        PosixSignal.SIGHUP => 1,
        PosixSignal.SIGINT => 2,
        PosixSignal.SIGQUIT => 3,
        PosixSignal.SIGTERM => 15,
        _ => (int)signal,
    };

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Kill(int pid, int signal);

    /// <summary>struct rlimit.</summary>
    private record struct ResourceLimit(ulong Soft, ulong Hard);
}
