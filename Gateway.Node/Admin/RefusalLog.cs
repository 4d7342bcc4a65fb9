using System.Net;

namespace Gateway.Node.Admin;

/// <summary>
/// Logs refusals at the admin address and their reasons: at most <see cref="LinesPerInterval"/> lines per <see cref="Interval"/>, so that guessing tokens
/// cannot fill the log. Suppressed lines are counted, and reported by the next line.
/// </summary>
internal sealed partial class RefusalLog(ILogger log, TimeProvider clock)
{
    public const int LinesPerInterval = 10;

    public static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private TimeSpan _began;
    private int _written;
    private long _leftOut;

    public void Write(IPAddress? address, string reason)
    {
        var now = clock.GetElapsedTime(0);
        lock (_gate)
        {
            if (now - _began >= Interval)
            {
                (_began, _written) = (now, 0);
            }

            if (_written == LinesPerInterval)
            {
                _leftOut++;
                return;
            }

            _written++;
            if (_leftOut > 0)
            {
                Log.LeftOut(log, _leftOut);
                _leftOut = 0;
            }

            Log.Refused(log, address, reason);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(96, LogLevel.Warning, "admin request from {Address} refused: {Reason}", EventName = "admin-refused")]
        public static partial void Refused(ILogger logger, IPAddress? address, string reason);

        [LoggerMessage(97, LogLevel.Warning, "{Count} more admin requests were refused and not logged", EventName = "admin-refusals-left-out")]
        public static partial void LeftOut(ILogger logger, long count);
    }
}
