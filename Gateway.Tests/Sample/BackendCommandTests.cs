using System.CommandLine;
using Gateway.Node.Sample;
using Gateway.Tests.EndToEnd.Backends;

namespace Gateway.Tests.Sample;

public sealed class BackendCommandTests
{
    [Theory]
    [InlineData("--status 42", "--status 42: must be a whole number from 200 to 599")]
    [InlineData("--delay-ms soon", "--delay-ms soon: must be a whole number from 0 to 600000")]
    [InlineData("--jitter-ms=-1", "--jitter-ms -1: must be a whole number from 0 to 600000")]
    [InlineData("--error-rate 1.5", "--error-rate 1.5: must be a number from 0 to 1")]
    [InlineData("--size 1e3", "--size 1e3: must be a whole number from 0 to 1073741824")]
    [InlineData("--name a/b", "--name a/b: must be 1 to 64 letters, digits, dots, underscores, hyphens")]
    [InlineData("--listen-addr 127.0.0.1", Listen127)]
    [InlineData("--status", "--status : requires one value")]
    [InlineData("--status 200 --status 201", "--status 200 201: requires one value")]
    public async Task A_bad_flag_is_named_and_ends_with_2(string flags, string line)
    {
        var (code, _, error) = await RunAsync(flags, new CancellationToken(canceled: true));

        Assert.Equal(2, code);
        Assert.Equal(line + Environment.NewLine, error);
    }

    private const string Listen127 =
        "--listen-addr 127.0.0.1: must be address:port, such as 127.0.0.1:8001 or [::1]:8001, the port from 0 to 65535";

    [Theory]
    [InlineData("127.0.0.1:70000")]
    [InlineData("shop:80")]
    [InlineData("::1:8001")]
    [InlineData("[::1]")]
    [InlineData(":8001")]
    public async Task A_listen_address_is_an_address_and_a_port(string address)
    {
        var (code, _, error) = await RunAsync($"--listen-addr {address}", new CancellationToken(canceled: true));

        Assert.Equal(2, code);
        Assert.StartsWith($"--listen-addr {address}: must be ", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_bad_flag_has_a_line_of_its_own()
    {
        var (code, _, error) = await RunAsync("--status 1 --size x --bogus", new CancellationToken(canceled: true));
        var lines = error.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal(2, code);
        Assert.Equal(["--bogus: un", "--status 1:", "--size x: m"], lines.Select(line => line[..11]));
    }

    [Fact]
    public async Task It_serves_until_it_is_stopped()
    {
        using var stop = new CancellationTokenSource();
        var output = new FirstLine();
        var run = RunAsync("--listen-addr localhost:0 --name b9 --status 202 --log", stop.Token, output);
        var line = await output.Written.WaitAsync(RawBackend.WaitTimeout);
        Assert.StartsWith("backend b9 listens on http://127.0.0.1:", line, StringComparison.Ordinal);

        var answer = await RawClient.AskAsync(new Uri(line.Split(' ')[^1]), "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        await stop.CancelAsync();

        Assert.Equal(202, answer.Status);
        Assert.Equal(0, (await run).Code);
        Assert.EndsWith($"b9 GET / id=- 202{Environment.NewLine}", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_taken_port_is_one_line_and_ends_with_2()
    {
        await using var taken = RawBackend.Start(RawScripts.Answer());
        using var limit = new CancellationTokenSource(RawBackend.WaitTimeout);
        var (code, _, error) = await RunAsync($"--listen-addr {taken.EndPoint}", limit.Token);

        Assert.Equal(2, code);
        Assert.Equal($"--listen-addr {taken.EndPoint}: cannot listen there: Address already in use{Environment.NewLine}", error);
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(
        string flags, CancellationToken stop, StringWriter? output = null)
    {
        var streams = new InvocationConfiguration { Output = output ?? new StringWriter(), Error = new StringWriter() };
        var root = new RootCommand { BackendCommand.Create() };
        var code = await root.Parse($"backend {flags}").InvokeAsync(streams, stop);
        return (code, streams.Output.ToString()!, streams.Error.ToString()!);
    }

    /// <summary>Reports when the first line has been written.</summary>
    private sealed class FirstLine : StringWriter
    {
        private readonly TaskCompletionSource<string> _written = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<string> Written => _written.Task;

        public override async Task WriteLineAsync(string? value)
        {
            await base.WriteLineAsync(value);
            _written.TrySetResult(value ?? "");
        }
    }
}
