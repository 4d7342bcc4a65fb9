using System.Runtime.InteropServices;
using System.Threading.Channels;

namespace Gateway.Node.Signals;

/// <summary>
/// The signals of this process, taken over as the first thing it does: SIGTERM, SIGINT (Ctrl-C) and SIGQUIT ask for an orderly end, whatever
/// has started by then; a second one of them ends it at once; SIGHUP asks for the settings to be read again.
/// <code>
/// Running --SIGTERM--> Stop --SIGTERM--> Now --3 s--> exit
/// </code>
/// </summary>
internal sealed class ProcessSignals : IDisposable
{
    /// <summary>Exit code of a process that was told to end at once and did not.</summary>
    public const int Forced = 1;

    /// <summary>How long the end may take once it is to be at once: enough to close what is open, and no more.</summary>
    public static readonly TimeSpan LongestEnd = TimeSpan.FromSeconds(3);

    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _now = new();

    /// <summary>Hangups that come while one waits to be read are one with it.</summary>
    private readonly Channel<bool> _hangups = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    private readonly PosixSignalRegistration[] _registrations;
    private readonly TimeProvider _clock;
    private readonly Action<int> _exit;
    private ITimer? _forcing;
    private int _ends;

    /// <param name="clock">Null: the system's.</param>
    /// <param name="exit">Ends the process with an exit code; null: really.</param>
    public ProcessSignals(TimeProvider? clock = null, Action<int>? exit = null)
    {
        (_clock, _exit) = (clock ?? TimeProvider.System, exit ?? Environment.Exit);
        _registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, Take),
            PosixSignalRegistration.Create(PosixSignal.SIGINT, Take),
            PosixSignalRegistration.Create(PosixSignal.SIGQUIT, Take),
            PosixSignalRegistration.Create(PosixSignal.SIGHUP, Take),
        ];
    }

    /// <summary>Cancelled by the first signal that ends the process.</summary>
    public CancellationToken Stop => _stop.Token;

    /// <summary>Cancelled by the second one: what is still under way is cut short.</summary>
    public CancellationToken Now => _now.Token;

    /// <summary>Told of each SIGHUP, by the thread that takes signals.</summary>
    public event Action? HungUp;

    /// <summary>Has an element when SIGHUP has come since the last was read.</summary>
    public ChannelReader<bool> Hangups => _hangups.Reader;

    public void Dispose()
    {
        Array.ForEach(_registrations, registration => registration.Dispose());
        _forcing?.Dispose();
        _stop.Dispose();
        _now.Dispose();
    }

    /// <summary>As if the process had got this signal.</summary>
    internal void Take(PosixSignal signal)
    {
        if (signal == PosixSignal.SIGHUP)
        {
            _hangups.Writer.TryWrite(true);
            HungUp?.Invoke();
            return;
        }

        // Not on this thread: what a token's end sets off may take a while, and the next signal is to be heard.
        switch (Interlocked.Increment(ref _ends))
        {
            case 1:
                _ = _stop.CancelAsync();
                break;
            case 2:
                _forcing = _clock.CreateTimer(_ => _exit(Forced), null, LongestEnd, Timeout.InfiniteTimeSpan);
                _ = _now.CancelAsync();
                break;
            default:
                break;
        }
    }

    private void Take(PosixSignalContext context)
    {
        context.Cancel = true;
        Take(context.Signal);
    }
}
