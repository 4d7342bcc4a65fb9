using System.IO.Pipelines;
using Gateway.Node.Hosting;

namespace Gateway.Tests.Hosting;

public sealed class HalfClosedPipeTests : IDuplexPipe
{
    private readonly Pipe _incoming = new();

    public PipeReader Input => _incoming.Reader;

    public PipeWriter Output => throw new NotSupportedException();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_end_shows_only_to_who_has_seen_all(bool byTry)
    {
        var pipe = new HalfClosedPipe(this);
        await _incoming.Writer.WriteAsync("head body"u8.ToArray());
        await _incoming.Writer.CompleteAsync();

        var result = await ReadAsync(pipe, byTry);
        Assert.Equal((9, false), (result.Buffer.Length, result.IsCompleted));
        pipe.AdvanceTo(result.Buffer.GetPosition(5));

        result = await ReadAsync(pipe, byTry);
        Assert.Equal((4, false), (result.Buffer.Length, result.IsCompleted));
        pipe.AdvanceTo(result.Buffer.Start, result.Buffer.End); // It wants more, and there is none.

        result = await ReadAsync(pipe, byTry);
        Assert.Equal((4, true), (result.Buffer.Length, result.IsCompleted));
        pipe.AdvanceTo(result.Buffer.End);

        result = await ReadAsync(pipe, byTry);
        Assert.Equal((0, true), (result.Buffer.Length, result.IsCompleted));
    }

    [Fact]
    public async Task A_read_that_waits_gets_what_comes()
    {
        var pipe = new HalfClosedPipe(this);
        var reading = pipe.ReadAsync().AsTask();
        Assert.False(reading.IsCompleted);
        await _incoming.Writer.WriteAsync("more"u8.ToArray());

        var result = await reading;
        Assert.Equal((4, false), (result.Buffer.Length, result.IsCompleted));
        pipe.AdvanceTo(result.Buffer.End);
        reading = pipe.ReadAsync().AsTask();
        await _incoming.Writer.CompleteAsync();
        Assert.True((await reading).IsCompleted);
    }

    private static async Task<ReadResult> ReadAsync(HalfClosedPipe pipe, bool byTry)
    {
        if (!byTry)
        {
            return await pipe.ReadAsync();
        }

        Assert.True(pipe.TryRead(out var result));
        return result;
    }
}
