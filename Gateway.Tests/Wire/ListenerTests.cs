using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Gateway.Wire;

namespace Gateway.Tests.Wire;

public sealed class ListenerTests
{
    [Theory]
    [InlineData(Carrier.Epoll)]
    [IfUring(Carrier.Uring)]
    public async Task Every_connection_of_many_at_once_is_accepted_with_its_own_address(Carrier carrier)
    {
        const int Clients = 200;
        await using var loop = new RunningLoop(carrier);
        using var socket = Listening();
        var (ports, all) = (new ConcurrentQueue<int>(), new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        var listener = new Listener(loop.Loop, (int)socket.SafeHandle.DangerousGetHandle(), (descriptor, address) =>
        {
            ports.Enqueue(address[2] << 8 | address[3]);
            Listener.Refuse(descriptor);
            if (ports.Count == Clients)
            {
                all.SetResult();
            }
        });
        await loop.Do(listener.Start);

        var clients = Enumerable.Range(0, Clients).Select(_ => new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)).ToList();
        await Task.WhenAll(clients.Select(client => client.ConnectAsync(socket.LocalEndPoint!))).WaitAsync(RunningLoop.Limit);
        await all.Task.WaitAsync(RunningLoop.Limit);

        Assert.Equal(clients.Select(client => ((IPEndPoint)client.LocalEndPoint!).Port).Order(), ports.Order());
        Assert.Equal(0, await loop.Do(() => listener.Exhausted));
        clients.ForEach(client => client.Dispose());
        await loop.Do(listener.Stop);
    }

    [Theory]
    [InlineData(Carrier.Epoll)]
    [IfUring(Carrier.Uring)]
    public async Task Once_stopped_it_accepts_no_more(Carrier carrier)
    {
        await using var loop = new RunningLoop(carrier);
        using var socket = Listening();
        var accepted = 0;
        var listener = new Listener(loop.Loop, (int)socket.SafeHandle.DangerousGetHandle(), (descriptor, _) =>
        {
            accepted++;
            Listener.Refuse(descriptor);
        });
        await loop.Do(listener.Start);
        await loop.Do(listener.Stop);
        await loop.Do(listener.Stop);

        using var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync(socket.LocalEndPoint!).WaitAsync(RunningLoop.Limit); // The system connects it, into its queue.
        for (var turn = 0; turn < 20; turn++)
        {
            await loop.Do(() => { });
        }

        Assert.Equal(0, await loop.Do(() => accepted));
    }

    [Theory]
    [InlineData(Carrier.Epoll)]
    [IfUring(Carrier.Uring)]
    public async Task It_goes_on_after_whoever_takes_a_connection_has_thrown(Carrier carrier)
    {
        await using var loop = new RunningLoop(carrier);
        using var socket = Listening();
        var (count, second) = (0, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        var listener = new Listener(loop.Loop, (int)socket.SafeHandle.DangerousGetHandle(), (descriptor, _) =>
        {
            Listener.Refuse(descriptor);
            if (++count == 1)
            {
                throw new InvalidOperationException("taken");
            }

            second.SetResult();
        });
        await loop.Do(listener.Start);
        for (var i = 0; i < 2; i++)
        {
            using var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            await client.ConnectAsync(socket.LocalEndPoint!).WaitAsync(RunningLoop.Limit);
        }

        await second.Task.WaitAsync(RunningLoop.Limit);
        Assert.Equal("taken", Assert.Single(loop.Faults).Message);
        loop.Faults.Clear();
        await loop.Do(listener.Stop);
    }

    private static Socket Listening()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { Blocking = false };
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        socket.Listen(512);
        return socket;
    }
}
