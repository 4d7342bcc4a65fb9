using Real = System.Threading.Interlocked;

namespace Gateway.Interleavings.Steps;

/// <summary>Stands for the system's in the sources under exploration: each call is a step before which another thread may run.</summary>
internal static class SteppedInterlocked
{
    public static int Increment(ref int location)
    {
        Scheduler.Step();
        return Real.Increment(ref location);
    }

    public static long Increment(ref long location)
    {
        Scheduler.Step();
        return Real.Increment(ref location);
    }

    public static int Decrement(ref int location)
    {
        Scheduler.Step();
        return Real.Decrement(ref location);
    }

    public static int Exchange(ref int location, int value)
    {
        Scheduler.Step();
        return Real.Exchange(ref location, value);
    }

    public static T Exchange<T>(ref T location, T value)
        where T : class?
    {
        Scheduler.Step();
        return Real.Exchange(ref location, value);
    }

    public static int CompareExchange(ref int location, int value, int comparand)
    {
        Scheduler.Step();
        return Real.CompareExchange(ref location, value, comparand);
    }

    public static long CompareExchange(ref long location, long value, long comparand)
    {
        Scheduler.Step();
        return Real.CompareExchange(ref location, value, comparand);
    }

    public static ulong CompareExchange(ref ulong location, ulong value, ulong comparand)
    {
        Scheduler.Step();
        return Real.CompareExchange(ref location, value, comparand);
    }
}
