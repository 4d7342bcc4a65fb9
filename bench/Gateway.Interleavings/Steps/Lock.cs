using Gateway.Interleavings;

#pragma warning disable IDE0130 // The compiler takes a lock statement over a type of this name for one of this type.
namespace System.Threading;
#pragma warning restore IDE0130

/// <summary>Stands for the system's in the sources under exploration: who finds it taken lets others run until it is free.</summary>
public sealed class Lock
{
    private Thread? _holder;

    public bool IsHeldByCurrentThread => _holder == Thread.CurrentThread;

    public Scope EnterScope()
    {
        Scheduler.Step();
        Scheduler.WaitUntil(() => _holder is null);
        _holder = Thread.CurrentThread;
        return new(this);
    }

    /// <summary>From taking it to leaving it.</summary>
    public ref struct Scope
    {
        private readonly Lock _taken;

        internal Scope(Lock taken) => _taken = taken;

        public readonly void Dispose()
        {
            _taken._holder = null;
            Scheduler.Step();
        }
    }
}
