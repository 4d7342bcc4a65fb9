using Real = System.Threading.Volatile;

namespace Gateway.Interleavings.Steps;

/// <summary>Stands for the system's in the sources under exploration: each call is a step before which another thread may run.</summary>
internal static class SteppedVolatile
{
    public static int Read(ref readonly int location)
    {
        Scheduler.Step();
        return Real.Read(in location);
    }

    public static uint Read(ref readonly uint location)
    {
        Scheduler.Step();
        return Real.Read(in location);
    }

    public static long Read(ref readonly long location)
    {
        Scheduler.Step();
        return Real.Read(in location);
    }

    public static ulong Read(ref readonly ulong location)
    {
        Scheduler.Step();
        return Real.Read(in location);
    }

    public static T Read<T>(ref readonly T location)
        where T : class?
    {
        Scheduler.Step();
        return Real.Read(in location);
    }

    public static void Write(ref int location, int value)
    {
        Scheduler.Step();
        Real.Write(ref location, value);
    }

    public static void Write(ref uint location, uint value)
    {
        Scheduler.Step();
        Real.Write(ref location, value);
    }

    public static void Write(ref long location, long value)
    {
        Scheduler.Step();
        Real.Write(ref location, value);
    }

    public static void Write<T>(ref T location, T value)
        where T : class?
    {
        Scheduler.Step();
        Real.Write(ref location, value);
    }
}
