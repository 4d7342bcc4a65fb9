using System.Runtime.InteropServices;

namespace Gateway.Core.Balancing;

/// <summary>
/// The number of turns a pool has ever drawn. All its pickers share the counter, including old ones that requests still hold,
/// so that publishing a picker does not restart the rotation.
/// </summary>
internal sealed class Rotation
{
    private Padded _turns;

    public ulong Drawn => Volatile.Read(ref _turns.Count);

    /// <summary>Draws a turn; the first is 0.</summary>
    public ulong Draw() => Interlocked.Increment(ref _turns.Count) - 1;

    /// <summary>On a cache line of its own: every request of the pool writes it.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 192)]
    private struct Padded
    {
        [FieldOffset(64)] public ulong Count;
    }
}
