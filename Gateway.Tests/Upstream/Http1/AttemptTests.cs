using System.Net.Sockets;
using Gateway.Core.Outcomes;
using Gateway.Tests.EndToEnd;
using Gateway.Tests.EndToEnd.Backends;
using Gateway.Upstream.Http1;

namespace Gateway.Tests.Upstream.Http1;

/// <summary>What sockets do only by chance: here the endpoint and the clock do it when told.</summary>
public sealed class AttemptTests
{
    private const string Head = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n";

    [Fact]
    public async Task The_clients_body_is_not_read_into_a_buffer_that_has_gone_back()
    {
        var rig = new AttemptRig();
        var failed = new TaskCompletionSource();
        rig.Endpoint.OnWrite = async _ =>
        {
            await failed.Task;
            throw new IOException("the endpoint has closed", new SocketException((int)SocketError.ConnectionReset));
        };
        var attempt = await rig.BeginAsync("POST", length: 6);
        failed.SetResult();
        await Eventually.IsAsync(() => rig.Endpoint.WritesEnded == 1 && !rig.Body!.AwaitsClient); // The read into the buffer has ended too.

        await rig.Upload.WriteAsync("secret"u8.ToArray());
        rig.Endpoint.End();
        var report = await attempt.WaitAsync(RawBackend.Patience);

        Assert.Equal((AttemptEnd.Broken, false), (report.End, report.FullySent));
        Assert.Equal(0, rig.Body!.BytesRead);
        Leaks.AssertNone();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_whole_answer_waits_a_moment_for_the_last_piece_of_its_request(bool taken)
    {
        var rig = new AttemptRig();
        var take = new TaskCompletionSource();
        rig.Endpoint.OnWrite = _ => take.Task;
        await rig.Upload.WriteAsync("last"u8.ToArray());
        var attempt = await rig.BeginAsync("POST", length: 4);
        Assert.Equal(1, rig.Endpoint.WritesBegun); // Head and body at once.
        rig.Endpoint.Send(Head + "ok");
        if (taken)
        {
            await Eventually.IsAsync(() => rig.Answer.Headers.ContentLength == 2);
            take.SetResult();
        }
        else
        {
            await rig.PassAsync(() => attempt.IsCompleted);
        }

        Assert.Equal(AttemptEnd.Answered, (await attempt.WaitAsync(RawBackend.Patience)).End);
        Assert.Equal((taken ? 1 : 0, !taken), (rig.Idle, rig.Endpoint.IsClosed));
    }

    [Fact]
    public async Task A_last_piece_that_is_taken_just_as_it_is_given_up_brings_no_closed_connection_back()
    {
        var rig = new AttemptRig();
        rig.Endpoint.TakesAtItsClose = true;
        rig.Endpoint.OnWrite = _ => new TaskCompletionSource().Task;
        await rig.Upload.WriteAsync("last"u8.ToArray());
        var attempt = await rig.BeginAsync("POST", length: 4);
        rig.Endpoint.Send(Head + "ok");
        await rig.PassAsync(() => attempt.IsCompleted);

        Assert.Equal(AttemptEnd.Answered, (await attempt).End);
        Assert.Equal((0, true), (rig.Idle, rig.Connection.IsClosed));
    }

    [Fact]
    public async Task An_idle_connection_keeps_no_more_memory_after_a_body_than_before()
    {
        var rig = new AttemptRig();
        var attempt = await rig.BeginAsync("POST", length: 65_536);
        var before = rig.Connection.Output.Capacity;
        await rig.Upload.WriteAsync(new byte[65_536]);
        await Eventually.IsAsync(() => rig.Endpoint.Written.Length > 65_536); // An answer before that would cost the connection.
        rig.Endpoint.Send(Head + "ok");
        await attempt.WaitAsync(RawBackend.Patience);

        Assert.Equal((1, before), (rig.Idle, rig.Connection.Output.Capacity));
        Assert.True(rig.Endpoint.Written.AsSpan().EndsWith(new byte[65_536]));
    }

    [Theory]
    [InlineData(4 * 1024)]
    [InlineData(40 * 1024)]
    public async Task A_head_and_the_first_of_its_body_arrive_as_they_are_however_long_the_head_is(int field)
    {
        var rig = new AttemptRig();
        rig.Context.Request.Headers["X-Long"] = new string('x', field);
        var attempt = await rig.BeginAsync("POST", length: 4);
        await rig.Upload.WriteAsync("body"u8.ToArray());
        await Eventually.IsAsync(() => rig.Endpoint.Written.AsSpan().EndsWith("body"u8));
        rig.Endpoint.Send(Head + "ok");
        await attempt.WaitAsync(RawBackend.Patience);

        var written = System.Text.Encoding.Latin1.GetString(rig.Endpoint.Written);
        Assert.StartsWith("POST / HTTP/1.1\r\nHost: shop.example\r\n", written, StringComparison.Ordinal);
        Assert.Contains($"X-Long: {new string('x', field)}\r\n", written, StringComparison.Ordinal);
        Assert.EndsWith("Content-Length: 4\r\n\r\nbody", written, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_head_waits_a_moment_for_its_body_and_leaves_with_it()
    {
        var rig = new AttemptRig();
        var attempt = await rig.BeginAsync();
        rig.Endpoint.Send(Head);
        await Eventually.IsAsync(() => rig.Answer.Headers.ContentLength == 2);
        rig.Endpoint.Send("ok");

        Assert.Equal(AttemptEnd.Answered, (await attempt.WaitAsync(RawBackend.Patience)).End);
        Assert.Equal((0, false), (rig.Answer.Flushes, rig.Answer.HasStarted));
        await rig.Answer.CompleteAsync();
        Assert.Equal("ok", rig.Answer.Sent);
    }

    [Fact]
    public async Task When_the_moment_is_over_the_head_leaves_alone()
    {
        var rig = new AttemptRig();
        var attempt = await rig.BeginAsync();
        rig.Endpoint.Send(Head);
        await rig.PassAsync(() => rig.Answer.HasStarted);
        var passed = rig.Clock.GetElapsedTime(0) - rig.Begun;
        Assert.InRange(passed, FirstBytes.Moment - TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(1));
        rig.Endpoint.Send("ok");

        Assert.Equal(AttemptEnd.Answered, (await attempt.WaitAsync(RawBackend.Patience)).End);
        Assert.Equal("ok", rig.Answer.Sent);
    }

    [Fact]
    public async Task An_endpoint_that_breaks_off_within_the_moment_costs_the_client_nothing()
    {
        var rig = new AttemptRig();
        var attempt = await rig.BeginAsync();
        rig.Endpoint.Send(Head);
        await Eventually.IsAsync(() => rig.Answer.Headers.ContentLength == 2);
        rig.Endpoint.End(new IOException("reset"));

        Assert.Equal(AttemptEnd.Broken, (await attempt.WaitAsync(RawBackend.Patience)).End);
        Assert.Equal((0, 0, false), (rig.Answer.Flushes, rig.Answer.Headers.Count, rig.Answer.HasStarted));
    }

    [Fact]
    public async Task An_exchange_is_not_idle_as_long_as_its_upload_goes_on()
    {
        var rig = new AttemptRig();
        var attempt = await rig.BeginAsync("POST", length: 4);
        rig.Endpoint.Send(Head);
        await Eventually.IsAsync(() => rig.Answer.HasStarted);
        foreach (var piece in (byte[][])[[1], [2], [3]])
        {
            rig.Clock.Advance(TimeSpan.FromSeconds(59));
            var taken = rig.Endpoint.Written.Length;
            await rig.Upload.WriteAsync(piece);
            await Eventually.IsAsync(() => rig.Endpoint.Written.Length > taken && rig.Body!.BytesRead == piece[0]);
            await Eventually.IsAsync(() => rig.Connection.Deadline > rig.Clock.GetTimestamp() + TimeSpan.FromSeconds(59).Ticks);
            rig.Connection.Expire(rig.Clock.GetTimestamp());
            Assert.False(rig.Endpoint.IsClosed);
        }

        await rig.Upload.WriteAsync(new byte[] { 4 });
        rig.Endpoint.Send("ok");
        Assert.Equal(AttemptEnd.Answered, (await attempt.WaitAsync(RawBackend.Patience)).End);
        Assert.Equal("ok", rig.Answer.Sent);
    }

    [Fact]
    public async Task An_upload_that_takes_its_time_is_the_clients_affair_even_after_the_head()
    {
        var rig = new AttemptRig();
        var attempt = await rig.BeginAsync("POST", length: 4);
        rig.Endpoint.Send(Head);
        await Eventually.IsAsync(() => rig.Answer.HasStarted); // At once: no time passes here.
        rig.Clock.Advance(TimeSpan.FromSeconds(61));
        rig.Connection.Expire(rig.Clock.GetTimestamp());

        Assert.Equal(AttemptEnd.BodyAbandoned, (await attempt.WaitAsync(RawBackend.Patience)).End);
        Assert.True(rig.Answer.IsAborted);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_transfer_that_waits_for_nothing_lets_others_have_the_thread(bool announced)
    {
        const int Length = 16 * FairShare.Size;
        var head = announced ? $"Content-Length: {Length}" : $"Transfer-Encoding: chunked\r\n\r\n{Length:x}";
        var endpoint = new ReadyStream(System.Text.Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\n{head}\r\n{(announced ? "\r\n" : "")}"), Length);
        var rig = new AttemptRig(endpoint);
        var begin = await rig.PrepareAsync();
        var turns = new Turns();

        var attempt = turns.Run(begin, () => endpoint.Position, out var longest);

        Assert.InRange(longest, 1, 2 * FairShare.Size);
        Assert.Equal(announced ? AttemptEnd.Answered : AttemptEnd.BodyBroken, (await attempt.WaitAsync(RawBackend.Patience)).End);
    }
}
