using Gateway.Wire;

namespace Gateway.Fuzz.Engine;

/// <summary>What a loop that is driven by hand waits on: nothing. Its channels are told when the driver says so.</summary>
/// <param name="loop">The loop.</param>
/// <param name="connect">Asked for the other end of a connection that the engine makes.</param>
internal sealed class ScriptedSource(EventLoop loop, Func<int, FarEnd> connect) : EventSource
{
    /// <summary>Where the port lies in an address as the system has it.</summary>
    private const int PortOffset = 2;

    private readonly byte[] _received = new byte[EventLoop.ReceiveSize];
    private readonly List<ScriptedChannel> _toTell = [];

    /// <summary>The source of the loop that connections are handed to.</summary>
    public ScriptedSource? Other { get; set; }

    /// <summary>Channels that are open.</summary>
    public List<ScriptedChannel> Open { get; } = [];

    public override void Wait(int milliseconds)
    {
    }

    public override void Wake()
    {
    }

    /// <summary>Has a channel told in the next turn what it is ready for.</summary>
    public void Tell(ScriptedChannel channel) => _toTell.Add(channel);

    public override void Dispatch()
    {
        foreach (var channel in _toTell)
        {
            loop.Tell(channel, Readiness.Input);
        }

        _toTell.Clear();
    }

    public override Channel Connect(ReadOnlySpan<byte> address, IChannelHandler handler)
    {
        var channel = Adopt(connect((address[PortOffset] << 8) | address[PortOffset + 1]));
        channel.Handler = handler;
        return channel;
    }

    public override Channel Adopt(int descriptor) => throw new NotSupportedException("a scripted loop takes no descriptors");

    public ScriptedChannel Adopt(FarEnd far)
    {
        var channel = new ScriptedChannel(loop, this, far);
        Open.Add(channel);
        return channel;
    }

    public override void Dispose()
    {
    }

    /// <summary>Room for a packet, which holds nothing but poison before and behind it.</summary>
    internal ReadOnlySpan<byte> Lend(byte[] packet)
    {
        packet.CopyTo(_received, 0);
        return _received.AsSpan(0, packet.Length);
    }

    /// <summary>Nobody may read the packet any more.</summary>
    internal void TakeBack(int length) => _received.AsSpan(0, length).Fill(BlockPool.Poison);
}
