using System.Net;
using Microsoft.AspNetCore.Connections;

namespace Gateway.Node.Hosting;

/// <summary>
/// Accepts connections for Kestrel, but not while the process is out of file descriptors: accepting would fail immediately, again and again, and take a core
/// from connected clients. Connections wait in the system's queue meanwhile.
/// </summary>
internal sealed partial class PatientListener : IConnectionListener
{
    /// <summary>How long accepting may fail before that is noticed, and the interval of checks whether it can succeed again.</summary>
    public static readonly TimeSpan CheckInterval = TimeSpan.FromMilliseconds(250);

    private readonly IConnectionListener _inner;
    private readonly TimeProvider _clock;
    private readonly Func<bool> _hasRoom;
    private readonly ILogger _log;
    private readonly ITimer _watch;
    private CancellationTokenSource _accepting = new();
    private volatile bool _unbound;

    /// <param name="inner">Kestrel's listener.</param>
    /// <param name="hasRoom">Returns whether another descriptor can be opened.</param>
    public PatientListener(IConnectionListener inner, TimeProvider clock, Func<bool> hasRoom, ILogger log)
    {
        (_inner, _clock, _hasRoom, _log) = (inner, clock, hasRoom, log);
        _watch = clock.CreateTimer(static listener => ((PatientListener)listener!).StopWithoutRoom(), this, CheckInterval, CheckInterval);
    }

    public EndPoint EndPoint => _inner.EndPoint;

    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        while (!_unbound)
        {
            var accepting = _accepting;
            try
            {
                return await _inner.AcceptAsync(accepting.Token);
            }
            catch (OperationCanceledException) when (accepting.IsCancellationRequested)
            {
                await PauseAsync(cancellationToken);
                _accepting = new();
                accepting.Dispose();
            }
        }

        return null;
    }

    public async ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        _unbound = true;
        await _watch.DisposeAsync();
        await _inner.UnbindAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        _unbound = true;
        await _watch.DisposeAsync();
        await _inner.DisposeAsync();
        _accepting.Dispose();
    }

    private async Task PauseAsync(CancellationToken cancellation)
    {
        Log.Paused(_log, EndPoint);
        while (!_unbound && !_hasRoom())
        {
            await Task.Delay(CheckInterval, _clock, cancellation);
        }

        Log.Resumed(_log, EndPoint);
    }

    private void StopWithoutRoom()
    {
        var accepting = _accepting;
        if (!_unbound && !accepting.IsCancellationRequested && !_hasRoom())
        {
            accepting.Cancel();
        }
    }

    private static partial class Log
    {
        [LoggerMessage(63, LogLevel.Warning, "out of file descriptors; not accepting connections on {Address} until one is free", EventName = "listener-paused")]
        public static partial void Paused(ILogger logger, EndPoint address);

        [LoggerMessage(64, LogLevel.Information, "accepting connections on {Address} again", EventName = "listener-resumed")]
        public static partial void Resumed(ILogger logger, EndPoint address);
    }
}
