using System.Net;
using System.Net.Sockets;
using Gateway.Tests.EndToEnd.Backends;
using Gateway.Upstream;
using Microsoft.Extensions.Time.Testing;

namespace Gateway.Tests.Upstream;

public sealed class BackendConnectorTests
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(1);

    /// <summary>Also a loopback address, on which nothing listens.</summary>
    private static readonly IPAddress Other = IPAddress.Parse("127.0.0.2");

    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public async Task The_addresses_of_a_name_are_tried_in_turn_at_each_connection()
    {
        await using var backend = RawBackend.Start(RawScripts.Hang);
        var asked = 0;
        var connector = Connector(backend.EndPoint.Port, (host, _) =>
        {
            Assert.Equal("backend", host);
            asked++;
            return Task.FromResult<IPAddress[]>([Other, Other, IPAddress.Loopback]);
        });

        await using var one = await connector.ConnectAsync();
        await using var another = await connector.ConnectAsync();

        Assert.Equal(2, asked);
        Assert.True(SpinWait.SpinUntil(() => backend.ConnectionsAccepted == 2, RawBackend.WaitTimeout));
    }

    [Fact]
    public async Task With_none_of_them_answering_the_last_ones_fault_is_the_fault()
    {
        using var refused = RawBackend.RefusedAddress();
        var connector = Connector(refused.Address.Port, (_, _) => Task.FromResult<IPAddress[]>([Other, IPAddress.Loopback]));

        var fault = await Assert.ThrowsAnyAsync<SocketException>(() => connector.ConnectAsync().AsTask());

        Assert.Equal(SocketError.ConnectionRefused, fault.SocketErrorCode);
    }

    [Fact]
    public async Task A_name_without_an_address_is_a_fault()
    {
        var connector = Connector(80, (_, _) => Task.FromResult<IPAddress[]>([]));

        Assert.Equal(SocketError.HostNotFound, (await Assert.ThrowsAsync<SocketException>(() => connector.ConnectAsync().AsTask())).SocketErrorCode);
    }

    [Fact]
    public async Task A_resolver_that_hangs_costs_no_more_than_the_connect_timeout()
    {
        var asked = new TaskCompletionSource();
        var connector = Connector(80, async (_, cancellation) =>
        {
            asked.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellation);
            return [];
        });

        var connecting = connector.ConnectAsync().AsTask();
        await asked.Task;
        _clock.Advance(Long);

        await Assert.ThrowsAsync<TimeoutException>(() => connecting);
    }

    [Fact]
    public async Task A_resolver_that_blocks_keeps_no_caller_waiting()
    {
        await using var backend = RawBackend.Start(RawScripts.Hang);
        using var gate = new ManualResetEventSlim();
        var connector = Connector(backend.EndPoint.Port, (_, _) =>
        {
            gate.Wait(RawBackend.WaitTimeout, CancellationToken.None);
            return Task.FromResult<IPAddress[]>([IPAddress.Loopback]);
        });

        var connecting = connector.ConnectAsync();
        Assert.False(connecting.IsCompleted);
        gate.Set();

        await using var connection = await connecting;
    }

    [Fact]
    public async Task A_backend_that_says_nothing_of_TLS_costs_no_more_either()
    {
        await using var silent = RawBackend.Start(RawScripts.Hang);
        var connector = new BackendConnector(
            TestEndpoints.Address($"https://{silent.EndPoint}"), Long, _clock, new BackendTls().For(TestEndpoints.Address("https://a:1"), new(), default));

        var connecting = connector.ConnectAsync().AsTask();
        Assert.True(SpinWait.SpinUntil(() => silent.ConnectionsOpen == 1, RawBackend.WaitTimeout));
        _clock.Advance(Long);

        await Assert.ThrowsAsync<TimeoutException>(() => connecting);
        Assert.True(SpinWait.SpinUntil(() => silent.ConnectionsOpen == 0, RawBackend.WaitTimeout));
    }

    private BackendConnector Connector(int port, Func<string, CancellationToken, Task<IPAddress[]>> resolve) =>
        new(TestEndpoints.Address($"http://backend:{port}"), Long, _clock, resolve: resolve);
}
