using System.Net.Http.Json;
using System.Text.Json;
using Gateway.Core.Commands;
using Gateway.Tests.EndToEnd;
using Gateway.Tests.EndToEnd.Backends;

namespace Gateway.Tests.Admin;

/// <summary>A command run over the admin API, item by item.</summary>
/// <param name="timeout">The time limit of the whole command; null: the usual one.</param>
internal sealed class CommandStream(TestGateway gateway, string line, TimeSpan? timeout = null) : IAsyncDisposable
{
    private readonly CancellationTokenSource _limit = new(timeout ?? RawBackend.WaitTimeout);
    private HttpResponseMessage? _answer;
    private StreamReader? _lines;

    /// <summary>Runs a command to its end and returns its output.</summary>
    public static async Task<List<CommandOutput>> RunAsync(TestGateway gateway, string line)
    {
        await using var stream = new CommandStream(gateway, line);
        List<CommandOutput> outputs = [];
        do
        {
            outputs.Add(await stream.NextAsync());
        }
        while (outputs[^1] is not (CommandOutput.Done or CommandOutput.Failed));

        return outputs;
    }

    /// <summary>Runs a command that must succeed.</summary>
    public static async Task SucceedAsync(TestGateway gateway, string line)
    {
        var last = (await RunAsync(gateway, line))[^1];
        Assert.True(last is CommandOutput.Done, $"'{line}': {last}");
    }

    /// <summary>The next item. Fails when none comes.</summary>
    public async Task<CommandOutput> NextAsync()
    {
        if (_lines is null)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/commands")
            {
                Content = JsonContent.Create(new CommandCall(CommandWords.Split(line)), CommandJson.Default.CommandCall),
            };
            _answer = await gateway.Admin.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, _limit.Token);
            Assert.True(_answer.IsSuccessStatusCode, await SayAsync());
            _lines = new(await _answer.Content.ReadAsStreamAsync(_limit.Token));
        }

        var text = await _lines.ReadLineAsync(_limit.Token) ?? throw new InvalidOperationException($"'{line}' broke off");
        return JsonSerializer.Deserialize(text, CommandJson.Default.CommandOutput)!;
    }

    public async Task<T> NextAsync<T>()
        where T : CommandOutput => Assert.IsType<T>(await NextAsync());

    public ValueTask DisposeAsync()
    {
        _lines?.Dispose();
        _answer?.Dispose();
        _limit.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<string> SayAsync() =>
        _answer!.IsSuccessStatusCode ? "" : $"'{line}': {await _answer.Content.ReadAsStringAsync(_limit.Token)}";
}
