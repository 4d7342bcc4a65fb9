using System.Runtime.InteropServices;

namespace Gateway.Wire;

/// <summary>struct io_uring_cqe: the result of one operation.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct Completion
{
    private const uint BufferFlag = 1;
    private const uint MoreFlag = 1 << 2;

    /// <summary>The token of its <see cref="Submission"/>.</summary>
    public readonly ulong Token;

    /// <summary>The result; a negative error number on failure.</summary>
    public readonly int Result;

    private readonly uint _flags;

    /// <summary>The buffer picked by the system; -1 if none.</summary>
    public int Buffer => (_flags & BufferFlag) != 0 ? (int)(_flags >> 16) : -1;

    /// <summary>Whether more data can be received at once.</summary>
    public bool HasMore => (_flags & MoreFlag) != 0;
}
