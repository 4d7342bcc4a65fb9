#if DEBUG
using System.Collections.Concurrent;
using System.Numerics;
#else
using System.Buffers;
#endif

namespace Gateway.Upstream.Http1;

/// <summary>
/// Where buffers are rented that go back after use. A buffer that goes back while something still reads into it or writes from it carries
/// one request's bytes into another. So debug builds fill what goes back with <see cref="Poison"/>, keep it aside for a while, and look at it
/// before it is rented again.
/// </summary>
internal static class BufferPool
{
    /// <summary>What every byte of a returned buffer is in a debug build.</summary>
    public const byte Poison = 0xDB;

#if DEBUG
    /// <summary>How many buffers of a size lie aside before the first of them is rented again.</summary>
    private const int Aside = 16;

    private static readonly ConcurrentDictionary<int, ConcurrentQueue<byte[]>> Returned = new();
    private static readonly ConcurrentDictionary<byte[], bool> Rented = new(ReferenceEqualityComparer.Instance);
    private static int _writtenAfterReturn;

    public static byte[] Rent(int size)
    {
        var room = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(16, size));
        var aside = Returned.GetOrAdd(room, static _ => new());
        var bytes = aside.Count > Aside && aside.TryDequeue(out var used) && Check(used) ? used : GC.AllocateUninitializedArray<byte>(room);
        Rented[bytes] = true;
        return bytes;
    }

    public static void Return(byte[] bytes)
    {
        if (!Rented.TryRemove(bytes, out _))
        {
            throw new InvalidOperationException("a buffer goes back that is not out");
        }

        bytes.AsSpan().Fill(Poison);
        Returned[bytes.Length].Enqueue(bytes);
    }

    /// <summary>How many buffers were written to after they had gone back, since the process began.</summary>
    public static int CountWrittenAfterReturn()
    {
        foreach (var aside in Returned.Values)
        {
            for (var left = aside.Count; left > 0 && aside.TryDequeue(out var bytes); left--)
            {
                if (Check(bytes))
                {
                    aside.Enqueue(bytes);
                }
            }
        }

        return Volatile.Read(ref _writtenAfterReturn);
    }

    /// <summary>Whether nobody has written to a buffer since it went back.</summary>
    public static bool IsIntact(ReadOnlySpan<byte> bytes) => !bytes.ContainsAnyExcept(Poison);

    private static bool Check(byte[] bytes)
    {
        var isIntact = IsIntact(bytes);
        if (!isIntact)
        {
            Interlocked.Increment(ref _writtenAfterReturn);
        }

        return isIntact;
    }
#else
    public static byte[] Rent(int size) => ArrayPool<byte>.Shared.Rent(size);

    public static void Return(byte[] bytes) => ArrayPool<byte>.Shared.Return(bytes);
#endif
}
