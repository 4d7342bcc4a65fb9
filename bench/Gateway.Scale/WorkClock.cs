using System.Runtime.InteropServices;

namespace Gateway.Scale;

/// <summary>The CPU time of this thread: the real cost of an event, however busy the machine is. Linux only.</summary>
internal static class WorkClock
{
    private const int ThreadCpuTime = 3;

    public static TimeSpan Now
    {
        get
        {
            _ = clock_gettime(ThreadCpuTime, out var time);
            return TimeSpan.FromSeconds(time.Seconds) + TimeSpan.FromTicks(time.Nanoseconds / TimeSpan.NanosecondsPerTick);
        }
    }

    [DllImport("libc")]
    private static extern int clock_gettime(int clock, out Moment time);

    [StructLayout(LayoutKind.Sequential)]
    private readonly struct Moment
    {
        public readonly long Seconds;
        public readonly long Nanoseconds;
    }
}
