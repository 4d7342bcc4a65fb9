namespace Gateway.Fuzz.Engine;

/// <summary>The other end of a scripted connection, and the network between: data sent and not delivered, and data received.</summary>
/// <param name="name">Its name in a trace.</param>
/// <param name="trace">Records events; null: none.</param>
internal sealed class FarEnd(string name, Trace? trace)
{
    private byte[] _got = new byte[1024];

    /// <summary>The packets sent and not received by the loop.</summary>
    public Queue<byte[]> Sent { get; } = new();

    /// <summary>Whether it has ended its side.</summary>
    public bool HasEnded { get; set; }

    /// <summary>Whether it has reset the connection, and refuses data.</summary>
    public bool HasReset { get; set; }

    /// <summary>Whether it has closed the connection: further data is answered with a reset.</summary>
    public bool HasClosed { get; set; }

    /// <summary>Means unlimited <see cref="Room"/>.</summary>
    public const int Boundless = int.MaxValue;

    /// <summary>The bytes that the system still takes from the engine's side, until it reads more.</summary>
    public int Room { get; set; } = Boundless;

    /// <summary>Whether it is connected; false: connecting is in progress.</summary>
    public bool IsConnected { get; set; }

    /// <summary>The error of connecting; 0: it succeeds, or is undecided.</summary>
    public int ConnectError { get; set; }

    /// <summary>Everything it has received.</summary>
    public ReadOnlySpan<byte> Got => _got.AsSpan(0, GotLength);

    public int GotLength { get; private set; }

    /// <summary>Whether the engine has ended its side.</summary>
    public bool GotEnd { get; set; }

    /// <summary>Whether the engine has reset it.</summary>
    public bool GotReset { get; set; }

    /// <summary>Called when data has been received; must not call the engine.</summary>
    public Action? OnGot { get; set; }

    /// <summary>Called with data delivered to the engine; must not call the engine.</summary>
    public Action<byte[]>? OnDelivered { get; set; }

    /// <summary>The engine's channel; a different one after a move.</summary>
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
