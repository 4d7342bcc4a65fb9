using Gateway.Wire;

namespace Gateway.Fuzz.Engine;

/// <summary>The event source of a manually driven loop. It waits on nothing: the driver triggers its channels' events.</summary>
/// <param name="loop">The loop.</param>
/// <param name="connect">Returns the other end of a connection that the engine opens.</param>
internal sealed class ScriptedSource(EventLoop loop, Func<int, FarEnd> connect) : EventSource
{
    /// <summary>The offset of the port in a sockaddr.</summary>
    private const int PortOffset = 2;

    private readonly byte[] _received = new byte[EventLoop.ReceiveSize];
    private readonly List<ScriptedChannel> _toTell = [];

    /// <summary>The source of the loop to which connections move.</summary>
    public ScriptedSource? Other { get; set; }

    /// <summary>The open channels.</summary>
    public List<ScriptedChannel> Open { get; } = [];

    public override void Wait(int milliseconds)
    {
    }

    public override void Wake()
    {
    }

    /// <summary>Reports a channel's events in the next turn.</summary>
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

    public override Channel Adopt(int descriptor) => throw new NotSupportedException("a scripted loop does not support descriptors");

    public ScriptedChannel Adopt(FarEnd far)
    {
        var channel = new ScriptedChannel(loop, this, far);
        Open.Add(channel);
        return channel;
    }

    public override void Dispose()
    {
    }

    /// <summary>Copies a packet to a buffer with poison before and after it.</summary>
    internal ReadOnlySpan<byte> Lend(byte[] packet)
    {
        packet.CopyTo(_received, 0);
        return _received.AsSpan(0, packet.Length);
    }

    /// <summary>Poisons the packet's buffer: it must not be read any more.</summary>
    internal void TakeBack(int length) => _received.AsSpan(0, length).Fill(BlockPool.Poison);
}
