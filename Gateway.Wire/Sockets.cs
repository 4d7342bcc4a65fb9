namespace Gateway.Wire;

/// <summary>Socket operations of channels other than sending and receiving.</summary>
internal static unsafe class Sockets
{
    private const int TcpLevel = 6;
    private const int NoDelay = 1;
    private const int SocketLevel = 1;
    private const int ErrorOption = 4;
    private const int LingerOption = 13;

    /// <summary>SIOCOUTQ: returns the number of bytes sent but not acknowledged.</summary>
    private const nuint OutputQueue = 0x5411;

    /// <summary>Opens a socket to connect to an address: non-blocking, without Nagle's algorithm. Negative on failure: see <see cref="Libc.Error"/>.</summary>
    public static int Open(ReadOnlySpan<byte> address)
    {
        var descriptor = Libc.Socket(BitConverter.ToUInt16(address), Libc.StreamNonBlocking, 0);
        if (descriptor >= 0)
        {
            var on = 1;
            _ = Libc.SetOption(descriptor, TcpLevel, NoDelay, &on, sizeof(int));
        }

        return descriptor;
    }

    /// <summary>Makes its close a reset.</summary>
    public static void ResetAtClose(int descriptor)
    {
        var linger = stackalloc int[2] { 1, 0 };
        _ = Libc.SetOption(descriptor, SocketLevel, LingerOption, linger, 2 * sizeof(int));
    }

    /// <summary>Takes the pending error; 0 if there is none.</summary>
    public static int TakeError(int descriptor)
    {
        int error;
        uint length = sizeof(int);
        return Libc.GetOption(descriptor, SocketLevel, ErrorOption, &error, &length) == 0 ? error : Libc.Error;
    }

    /// <summary>Returns the bytes accepted by the system that the peer has not acknowledged; 0 if not known.</summary>
    public static int Unacknowledged(int descriptor)
    {
        var bytes = 0;
        return Libc.Control(descriptor, OutputQueue, &bytes) == 0 ? bytes : 0;
    }

    /// <summary>Sends two spans in one call; the second may be empty.</summary>
    public static nint Send(int descriptor, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        fixed (byte* one = first, two = second)
        {
            if (second.IsEmpty)
            {
                return Libc.Send(descriptor, one, (nuint)first.Length, Libc.NoSignal);
            }

            var vectors = stackalloc Libc.IoVector[2];
            vectors[0] = new() { Base = one, Length = (nuint)first.Length };
            vectors[1] = new() { Base = two, Length = (nuint)second.Length };
            var message = new Libc.MessageHeader { Vectors = vectors, Count = 2 };
            return Libc.SendMessage(descriptor, &message, Libc.NoSignal);
        }
    }
}
