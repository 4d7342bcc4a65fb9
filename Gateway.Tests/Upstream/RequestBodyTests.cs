using System.IO.Pipelines;
using System.Text;
using Gateway.Core.Retrying;
using Gateway.Upstream;

namespace Gateway.Tests.Upstream;

/// <summary>A body while an answer is being decided about, which may be given up for another attempt as long as the body is kept.</summary>
public sealed class RequestBodyTests
{
    private readonly Pipe _client = new();
    private readonly byte[] _buffer = new byte[64];

    [Fact]
    public async Task What_comes_while_it_is_held_is_taken_when_it_is_let_go()
    {
        var body = new RequestBody(_client.Reader, limit: 8);
        await SendAsync("12345");
        Assert.Equal(5, await body.ReadAsync(_buffer));
        body.Hold();
        var reading = body.ReadAsync(_buffer).AsTask();
        await SendAsync("67890");
        Assert.Equal((false, 5L, BodyState.Kept), (reading.IsCompleted, body.BytesRead, body.State));

        body.LetGo();

        Assert.Equal(5, await reading);
        Assert.Equal((10L, BodyState.Lost), (body.BytesRead, body.State));
    }

    [Fact]
    public async Task Stopped_it_is_kept_as_it_was_and_the_next_attempt_reads_all_of_it_from_the_start()
    {
        var body = new RequestBody(_client.Reader, limit: 8);
        await SendAsync("12345");
        Assert.Equal(5, await body.ReadAsync(_buffer));
        body.Hold();
        var reading = body.ReadAsync(_buffer).AsTask();
        await SendAsync("67890");

        body.Stop();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
        Assert.Equal((5L, BodyState.Kept), (body.BytesRead, body.State));
        body.Rewind();
        await _client.Writer.CompleteAsync();
        var again = new StringBuilder();
        for (int read; (read = await body.ReadAsync(_buffer)) > 0;)
        {
            again.Append(Encoding.Latin1.GetString(_buffer, 0, read));
        }

        Assert.Equal("1234567890", again.ToString());
    }

    [Fact]
    public async Task A_read_that_waits_when_it_is_stopped_ends_when_it_is_cancelled_and_takes_nothing_before()
    {
        var body = new RequestBody(_client.Reader, limit: 8);
        using var over = new CancellationTokenSource();
        var reading = body.ReadAsync(_buffer, over.Token).AsTask();
        Assert.True(body.AwaitsClient);
        body.Hold();
        body.Stop();
        await over.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
        Assert.Equal((false, BodyState.Unread), (body.AwaitsClient, body.State));
    }

    private async Task SendAsync(string text) => await _client.Writer.WriteAsync(Encoding.Latin1.GetBytes(text));
}
