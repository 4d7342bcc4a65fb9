using System.Runtime.InteropServices;
using System.Threading.Channels;

namespace Gateway.Node.Signals;

/// <summary>
/// The signals of this process, handled from the very start: SIGTERM, SIGINT (Ctrl-C) and SIGQUIT request an orderly shutdown, at any stage of startup; a
/// second one requests it immediately; SIGHUP requests a reload of the settings.
/// <code>
/// Running --SIGTERM--> Stop --SIGTERM--> Now --3 s--> exit
/// </code>
/// </summary>
internal sealed class ProcessSignals : IDisposable
{
    /// <summary>The exit code of a process that was asked to stop immediately and did not.</summary>
    public const int Forced = 1;

    /// <summary>The time limit of an immediate shutdown: enough to close what is open, and no more.</summary>
    public static readonly TimeSpan ExitTimeout = TimeSpan.FromSeconds(3);

    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _now = new();

    /// <summary>Hangups that arrive while one is pending are merged with it.</summary>
    private readonly Channel<bool> _hangups = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    private readonly PosixSignalRegistration[] _registrations;
    private readonly TimeProvider _clock;
    private readonly Action<int> _exit;
    private ITimer? _forcing;
    private int _ends;

    /// <param name="clock">Null: the system's.</param>
    /// <param name="exit">Ends the process with an exit code; null: for real. Replaced by tests.</param>
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

    /// <summary>Cancelled by the first signal to stop.</summary>
    public CancellationToken Stop => _stop.Token;

    /// <summary>Cancelled by the second one: operations in progress are cut short.</summary>
    public CancellationToken Now => _now.Token;

    /// <summary>Raised on each SIGHUP, on the thread that receives signals.</summary>
    public event Action? HungUp;

    /// <summary>Has an item if SIGHUP has arrived since the last read.</summary>
    public ChannelReader<bool> Hangups => _hangups.Reader;

    public void Dispose()
    {
        Array.ForEach(_registrations, registration => registration.Dispose());
        _forcing?.Dispose();
        _stop.Dispose();
        _now.Dispose();
    }

    /// <summary>Acts as if the process had received this signal.</summary>
    internal void Take(PosixSignal signal)
    {
        if (signal == PosixSignal.SIGHUP)
        {
            _hangups.Writer.TryWrite(true);
            HungUp?.Invoke();
            return;
        }

        // Not on this thread: cancelling a token may take a while, and the next signal must be received.
        switch (Interlocked.Increment(ref _ends))
        {
            case 1:
                _ = _stop.CancelAsync();
                break;
            case 2:
                _forcing = _clock.CreateTimer(_ => _exit(Forced), null, ExitTimeout, Timeout.InfiniteTimeSpan);
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
