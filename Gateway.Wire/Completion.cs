using System.Runtime.InteropServices;

namespace Gateway.Wire;

/// <summary>struct io_uring_cqe: how one operation has ended.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct Completion
{
    private const uint BufferFlag = 1;
    private const uint MoreFlag = 1 << 2;

    /// <summary>Of its <see cref="Submission"/>.</summary>
    public readonly ulong Token;

    /// <summary>Negative: an error number.</summary>
    public readonly int Result;

    private readonly uint _flags;

    /// <summary>The buffer that the system has picked; -1: none.</summary>
    public int Buffer => (_flags & BufferFlag) != 0 ? (int)(_flags >> 16) : -1;

    /// <summary>Whether there is more to receive at once.</summary>
    public bool HasMore => (_flags & MoreFlag) != 0;
}
