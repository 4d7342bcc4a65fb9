using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Gateway.Wire;

namespace Gateway.Tests.Wire;

/// <summary>A test's loop, with checked buffers, and a listener on loopback if requested. Nothing may be left on it at its end.</summary>
internal sealed class RunningLoop : IAsyncDisposable
{
    /// <summary>For operations that take milliseconds; a busy machine may take longer.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    private readonly ConcurrentQueue<Exception> _faults = new();
    private Socket? _socket;
    private Listener? _listener;
    private readonly Carrier _carrier;



    /// <param name="carrier">The carrier of its connections.</param>
    /// <param name="isPortable">Without epoll; it cannot listen.</param>
    /// <param name="receiveBuffers">The receive buffers of io_uring.</param>
    /// <param name="time">Null: the system's.</param>
    public RunningLoop(Carrier carrier = Carrier.Epoll, bool isPortable = false, int receiveBuffers = ReceiveBuffers.Enough, TimeProvider? time = null)
    {
        _carrier = carrier;
        var kind = isPortable ? LoopKind.Portable : carrier == Carrier.Uring ? LoopKind.Uring : LoopKind.Epoll;
        Loop = new EventLoop("test loop", time ?? TimeProvider.System, kind, isChecked: true, receiveBuffers);
        Loop.OnFault = _faults.Enqueue;
        Loop.Start();
    }

    public EventLoop Loop { get; }

    /// <summary>Exceptions thrown by handlers, in order; none is expected unless a test takes it.</summary>
    public ConcurrentQueue<Exception> Faults => _faults;

    /// <summary>Runs a function on the loop and waits for it.</summary>
    public async Task<T> Do<T>(Func<T> act)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        Loop.Post(() =>
        {
            try
            {
                done.SetResult(act());
            }
            catch (Exception fault)
            {
                done.SetException(fault);
            }
        });
        return await done.Task.WaitAsync(Limit);
    }

    public Task Do(Action act) => Do(() =>
    {
        act();
        return true;
    });

    /// <summary>Listens on loopback; each connection is adopted and given a new handler.</summary>
    public async Task<IPEndPoint> Listen(Func<Channel, IChannelHandler> handlerOf)
    {
        _socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { Blocking = false };
        _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _socket.Listen(64);
        _listener = new Listener(Loop, (int)_socket.SafeHandle.DangerousGetHandle(), (descriptor, _) =>
        {
            var channel = _carrier != Carrier.Pipes ? Loop.Adopt(descriptor) : Loop.Adopt(SocketConnection.Of(new Socket(new SafeSocketHandle(descriptor, ownsHandle: true))));
            channel.Handler = handlerOf(channel);
        });
        await Do(_listener.Start);
        return (IPEndPoint)_socket.LocalEndPoint!;
    }

    /// <summary>Creates a socket for the test, connected to a channel of the loop.</summary>
    public async Task<(Socket Peer, Recorder Channel)> Pair(Action<Recorder>? prepare = null)
    {
        var accepted = new TaskCompletionSource<Recorder>(TaskCreationOptions.RunContinuationsAsynchronously);
        var address = await Listen(channel =>
        {
            var recorder = new Recorder { Channel = channel };
            prepare?.Invoke(recorder);
            accepted.SetResult(recorder);
            return recorder;
        });
        var peer = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await peer.ConnectAsync(address).WaitAsync(Limit);
        return (peer, await accepted.Task.WaitAsync(Limit));
    }

    public async Task<Recorder> Connect(EndPoint address, Action<Recorder>? prepare = null) => await Connect(BytesOf(address), prepare);

    public Task<Recorder> Connect(byte[] address, Action<Recorder>? prepare = null) => Do(() =>
    {
        var recorder = new Recorder();
        recorder.Channel = Connect(address, recorder);
        prepare?.Invoke(recorder);
        return recorder;
    });

    /// <summary>Begins to connect. Called on the loop.</summary>
    public Channel Connect(byte[] address, IChannelHandler handler) =>
        _carrier != Carrier.Pipes ? Loop.Connect(address, handler) : Loop.Connect(cancellation => SocketConnection.ConnectAsync(address, cancellation), handler);

    public static byte[] BytesOf(EndPoint address)
    {
        var system = address.Serialize();
        return system.Buffer[..system.Size].ToArray();
    }

    /// <summary>Asserts that nothing is left: no connection, no buffer, no unexpected error.</summary>
    /// <param name="connections">The number of connections allowed.</param>
    public async Task AssertNothingLeft(int connections = 0)
    {
        using var limit = new CancellationTokenSource(Limit);
        while (_carrier == Carrier.Uring && await Do(() => Loop.Blocks.InUse) > 0 && !limit.IsCancellationRequested)
        {
            // The system has yet to release what was in progress.
        }

        Assert.Equal((connections, 0, 0L), await Do(() => (Loop.Connections, Loop.Blocks.InUse, Loop.Blocks.BytesInUse)));
    }

    public async ValueTask DisposeAsync()
    {
        if (_listener is not null)
        {
            await Do(_listener.Stop);
        }

        _socket?.Dispose();
        Loop.Stop();
        var left = (Loop.Connections, Loop.Blocks.InUse, Loop.Blocks.BytesInUse);
        Loop.Dispose();
        Assert.Equal((0, 0, 0L), left);
        Assert.Empty(_faults);
    }
}
