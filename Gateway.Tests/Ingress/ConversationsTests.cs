using System.Buffers;
using System.Text;
using Gateway.Node.Engine;
using Gateway.Node.Ingress;
using Gateway.Node.Settings;
using Gateway.Tests.EndToEnd;
using Gateway.Tests.EndToEnd.Backends;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Tests.Ingress;

public sealed class ConversationsTests : IAsyncLifetime
{
    private const string Alive = """{"status":"alive"}""";

    private readonly HttpRequest _request = new DefaultHttpContext().Request;
    private TestGateway _gateway = null!;
    private Conversations _conversations = null!;

    public async Task InitializeAsync()
    {
        _gateway = await TestGateway.StartAsync([], settings: settings => settings with { HttpEngine = HttpEngine.Loops });
        _conversations = new(_gateway.Services.GetRequiredService<EngineIngress>(), new DefaultConnectionContext());
    }

    public async Task DisposeAsync()
    {
        _conversations.End();
        await _gateway.DisposeAsync();
    }

    [Fact]
    public async Task One_that_was_given_back_serves_the_next_request()
    {
        var first = _conversations.Take(_request);
        Assert.EndsWith(Alive, await AskAsync(first, "GET /health HTTP/1.1\r\nHost: x\r\n\r\n"), StringComparison.Ordinal);
        Assert.NotSame(first, _conversations.Take(_request));

        _conversations.Return(first);

        var again = _conversations.Take(_request);
        Assert.Same(first, again);
        Assert.EndsWith(Alive, await AskAsync(again, "GET /health HTTP/1.1\r\nHost: x\r\n\r\n"), StringComparison.Ordinal);
        again.End(isWhole: true);
        await Eventually.IsAsync(() => again.HasEnded);
    }

    [Fact]
    public async Task The_rest_of_an_unwanted_body_delays_no_other_request()
    {
        var conversation = _conversations.Take(_request);
        Assert.EndsWith(Alive, await AskAsync(conversation, "POST /health HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nha"), StringComparison.Ordinal);

        Assert.EndsWith(Alive, await AskAsync(conversation, "lfGET /health HTTP/1.1\r\nHost: x\r\n\r\n"), StringComparison.Ordinal);
        conversation.End(isWhole: true);
    }

    [Fact]
    public async Task One_that_the_engine_has_ended_is_not_used_again()
    {
        var ended = _conversations.Take(_request);
        Assert.Contains("Connection: close", await AskAsync(ended, "GET / HTTP/9.9\r\n\r\n"), StringComparison.Ordinal);
        await ended.Output.CompleteAsync();
        await Eventually.IsAsync(() => ended.HasEnded);

        _conversations.Return(ended);

        Assert.NotSame(ended, _conversations.Take(_request));
    }

    [Fact]
    public async Task The_end_of_the_connection_is_the_end_of_all_that_are_kept()
    {
        var (kept, late) = (_conversations.Take(_request), _conversations.Take(_request));
        _conversations.Return(kept);

        _conversations.End();
        _conversations.Return(late);

        await Eventually.IsAsync(() => kept.HasEnded && late.HasEnded);
    }

    private static async Task<string> AskAsync(Conversation conversation, string request)
    {
        conversation.Output.Write(Encoding.Latin1.GetBytes(request));
        await conversation.Output.FlushAsync();
        var read = await conversation.Input.ReadAtLeastAsync(100).AsTask().WaitAsync(RawBackend.WaitTimeout);
        var text = Encoding.Latin1.GetString(read.Buffer);
        conversation.Input.AdvanceTo(read.Buffer.End);
        return text;
    }
}
