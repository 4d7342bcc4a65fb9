using Gateway.Node.Recording;
using Gateway.Tests.EndToEnd;
using Gateway.Tests.EndToEnd.Backends;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Tests.AccessLogs;

/// <summary>A target that blocks or fails costs lines, but does not affect requests.</summary>
public sealed class StalledTargetTests
{
    private const int Requests = 2000;
    private const int Queue = 64;

    [Fact]
    public async Task No_request_waits_for_a_target_that_stalls_and_what_has_no_room_is_dropped_and_counted()
    {
        await using var passage = await LoggedPassage.StartAsync(log: log => log with { Queue = Queue });
        var queue = passage.Gateway.Services.GetRequiredService<AccessQueue>();
        passage.Log.Stall();
        await AskAsync(passage, 1);
        await Eventually.IsAsync(() => passage.Log.IsStalled);

        await AskAsync(passage, Requests - 1); // Each is answered although no line can be written.
        Assert.True(passage.Log.IsStalled);
        Assert.Empty(passage.Log.Lines);
        Assert.All(queue.Lanes, lane => Assert.InRange(lane.Waiting, 0, Queue));
        Assert.NotEqual(0, await passage.Gateway.MetricAsync("gateway_access_log_dropped_total", ("reason", "full")));

        passage.Log.GoOn();
        await Eventually.IsAsync(async () => passage.Log.Lines.Count + await passage.Gateway.MetricAsync("gateway_access_log_dropped_total", ("reason", "full")) == Requests);
        await AskAsync(passage, 1);
        await Eventually.IsAsync(async () => passage.Log.Lines.Count + await passage.Gateway.MetricAsync("gateway_access_log_dropped_total", ("reason", "full")) == Requests + 1);
        await Eventually.IsAsync(async () => passage.Log.Lines.Count == await passage.Gateway.MetricAsync("gateway_access_log_lines_total")); // Counted once written.
    }

    [Fact]
    public async Task A_target_that_fails_costs_its_lines_and_is_tried_again_with_the_next()
    {
        await using var passage = await LoggedPassage.StartAsync();
        passage.Log.Fails = true;
        await AskAsync(passage, 3);
        await Eventually.IsAsync(async () => await passage.Gateway.MetricAsync("gateway_access_log_dropped_total", ("reason", "failed")) == 3);
        await passage.Gateway.LoggedAsync("cannot write the access log");
        Assert.Single(passage.Gateway.Log, line => line.Contains("cannot write the access log", StringComparison.Ordinal));

        passage.Log.Fails = false;
        await AskAsync(passage, 1);
        await passage.Log.JsonAsync(1);
        await passage.Gateway.LoggedAsync("writing the access log again");
    }

    [Fact]
    public async Task The_end_of_the_process_writes_what_is_left()
    {
        await using var passage = await LoggedPassage.StartAsync();
        await AskAsync(passage, 500);
        await passage.Gateway.StopAsync();
        Assert.Equal(500, passage.Log.Lines.Count);
    }

    [Fact]
    public async Task The_end_of_the_process_does_not_wait_for_a_target_that_stalls()
    {
        await using var passage = await LoggedPassage.StartAsync();
        passage.Log.Stall();
        await AskAsync(passage, 10);
        await passage.Gateway.StopAsync();
        Assert.Empty(passage.Log.Lines);
        Assert.Equal(10, await passage.Gateway.MetricAsync("gateway_access_log_dropped_total", ("reason", "shutdown")));
        Assert.Contains(passage.Gateway.Log, line => line.Contains("10 lines of the access log were not written", StringComparison.Ordinal));
    }

    private static async Task AskAsync(LoggedPassage passage, int times)
    {
        await using var client = await RawClient.ConnectAsync(passage.Gateway.Address);
        for (var i = 0; i < times; i++)
        {
            await client.SendAsync("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
            Assert.Equal(200, (await client.ReadAnswerAsync()).Status);
        }
    }
}
