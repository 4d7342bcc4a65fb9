using System.Net;
using System.Net.Sockets;
using Gateway.Node.Hosting;

namespace Gateway.Tests.Hosting;

public sealed class ListenSocketsTests
{
    [LinuxFact]
    public async Task A_shut_door_lets_nobody_in_and_waits_for_those_who_were_let_in_before()
    {
        var sockets = new ListenSockets(TimeProvider.System);
        using var listening = sockets.Create(new IPEndPoint(IPAddress.Loopback, 0));
        listening.Listen(16);
        using var first = await ConnectAsync(listening);
        using var second = await ConnectAsync(listening);

        var shut = sockets.ShutAsync(TimeSpan.FromMinutes(1));
        var late = ConnectAsync(listening);
        using var accepted = await listening.AcceptAsync();
        Assert.False(shut.IsCompleted);
        using var last = await listening.AcceptAsync();
        await shut.WaitAsync(TimeSpan.FromSeconds(30));

        // Connections admitted before work as usual, and late ones are refused once nothing listens.
        Assert.False(late.IsCompleted);
        await first.SendAsync("x"u8.ToArray());
        Assert.Equal(1, await accepted.ReceiveAsync(new byte[1]));
        listening.Dispose();
        Assert.Equal(SocketError.ConnectionRefused, (await Assert.ThrowsAsync<SocketException>(() => late)).SocketErrorCode);
    }

    private static async Task<Socket> ConnectAsync(Socket listening)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(listening.LocalEndPoint!);
        return socket;
    }
}
