using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Gateway.Wire;

/// <summary>An epoll instance, level-triggered. Each descriptor is registered under the caller's token, which its events carry.</summary>
internal sealed unsafe class Poller : IDisposable
{
    private const int MaxEvents = 512;

    /// <summary>struct epoll_event is packed on x86-64 and on no other architecture.</summary>
    private static readonly bool IsPacked = RuntimeInformation.ProcessArchitecture is Architecture.X64;

    private static readonly int Stride = IsPacked ? 12 : 16;
    private static readonly int TokenOffset = IsPacked ? 4 : 8;

    private readonly int _descriptor;
    private readonly byte* _events;

    public Poller()
    {
        _descriptor = Libc.CreatePoller(Libc.CloseOnExec);
        if (_descriptor < 0)
        {
            throw new WireException("epoll_create1", Libc.Error);
        }

        _events = (byte*)NativeMemory.AlignedAlloc((nuint)(MaxEvents * Stride), 64);
    }

    public int Descriptor => _descriptor;

    public bool TryAdd(int descriptor, ulong token, Readiness interest) => Control(Libc.Add, descriptor, token, interest);

    public void Modify(int descriptor, ulong token, Readiness interest) => Control(Libc.Modify, descriptor, token, interest);

    public void Remove(int descriptor) => Libc.Control(_descriptor, Libc.Delete, descriptor, null);

    /// <summary>Waits for events and returns their number. An interrupted wait has none.</summary>
    /// <param name="milliseconds">Negative for no timeout.</param>
    public int Wait(int milliseconds)
    {
        var count = Libc.Wait(_descriptor, _events, MaxEvents, milliseconds);
        return count >= 0 ? count : Libc.Error == Libc.Interrupted ? 0 : throw new WireException("epoll_wait", Libc.Error);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Readiness ReadinessOf(int index) => (Readiness)Unsafe.ReadUnaligned<uint>(_events + (index * Stride));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong TokenOf(int index) => Unsafe.ReadUnaligned<ulong>(_events + (index * Stride) + TokenOffset);

    public void Dispose()
    {
        _ = Libc.Close(_descriptor);
        NativeMemory.AlignedFree(_events);
    }

    private bool Control(int operation, int descriptor, ulong token, Readiness interest)
    {
        var record = stackalloc byte[16];
        Unsafe.WriteUnaligned(record, (uint)interest);
        Unsafe.WriteUnaligned(record + TokenOffset, token);
        return Libc.Control(_descriptor, operation, descriptor, record) == 0;
    }
}
