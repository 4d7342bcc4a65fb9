namespace Gateway.Fuzz.Engine;

/// <summary>The other end of a scripted connection, and the network between: what it has sent that has not been delivered, and what it has got.</summary>
/// <param name="name">By which a trace calls it.</param>
/// <param name="trace">Where what happens to it is written down; null: nowhere.</param>
internal sealed class FarEnd(string name, Trace? trace)
{
    private byte[] _got = new byte[1024];

    /// <summary>What it has sent and the loop has not received, a packet each.</summary>
    public Queue<byte[]> Sent { get; } = new();

    /// <summary>It sends no more.</summary>
    public bool HasEnded { get; set; }

    /// <summary>It has broken the connection off, or refuses what it is sent.</summary>
    public bool HasReset { get; set; }

    /// <summary>It has closed altogether: what still comes is answered by a reset.</summary>
    public bool HasClosed { get; set; }

    /// <summary>No limit to <see cref="Room"/>.</summary>
    public const int Boundless = int.MaxValue;

    /// <summary>Bytes that the system still takes from the engine's side, until it reads more.</summary>
    public int Room { get; set; } = Boundless;

    /// <summary>Whether it is there; false: an attempt to connect is under way.</summary>
    public bool IsConnected { get; set; }

    /// <summary>Why it cannot be connected to; 0: it can, or nothing is said of that yet.</summary>
    public int ConnectError { get; set; }

    /// <summary>Everything it has got.</summary>
    public ReadOnlySpan<byte> Got => _got.AsSpan(0, GotLength);

    public int GotLength { get; private set; }

    /// <summary>The engine sends no more.</summary>
    public bool GotEnd { get; set; }

    /// <summary>The engine has reset it.</summary>
    public bool GotReset { get; set; }

    /// <summary>Looks at what it has got, as soon as it has; calls nothing of the engine's.</summary>
    public Action? OnGot { get; set; }

    /// <summary>Looks at what has been delivered to the engine; calls nothing of the engine's.</summary>
    public Action<byte[]>? OnDelivered { get; set; }

    /// <summary>The engine's channel; another one after a move.</summary>
    public ScriptedChannel? Channel { get; set; }

    /// <summary>Whether the engine has closed it.</summary>
    public bool IsOver => Channel is { IsClosed: true };

    public void Tell(string what) => trace?.Add(name, what);

    public void Tell(string what, ReadOnlySpan<byte> bytes) => trace?.Add(name, what, bytes);

    public void Get(ReadOnlySpan<byte> bytes)
    {
        trace?.Add(name, "got", bytes);
        if (HasClosed)
        {
            HasReset = true;
            return;
        }

        if (_got.Length - GotLength < bytes.Length)
        {
            Array.Resize(ref _got, Math.Max(2 * _got.Length, GotLength + bytes.Length));
        }

        bytes.CopyTo(_got.AsSpan(GotLength));
        GotLength += bytes.Length;
        OnGot?.Invoke();
    }
}
