using System.Buffers;
using System.Net;
using Gateway.Core.Outcomes;
using Gateway.Node.Engine;
using Gateway.Node.Hosting;
using Gateway.Node.Proxying;
using Microsoft.AspNetCore.Http.Features;

namespace Gateway.Node.Ingress;

/// <summary>
/// Carries one of Kestrel's requests to the engine, and the answer back, both at once: a conversation for each request. One for each place that Kestrel
/// serves requests at (a connection of HTTP/1.1, a stream of HTTP/2), used for one after another.
/// </summary>
internal sealed class RequestRelay
{
    private readonly RequestText _text = new();
    private readonly AnswerRelay _answer = new();

    public DefaultHttpContext Context { get; } = new();

    public async Task ServeAsync(EngineIngress engine, GatewayState state)
    {
        var request = Context.Request;
        if (Context.Features.Get<IHttpUpgradeFeature>() is { IsUpgradableRequest: true })
        {
            await new Problem(StatusCodes.Status501NotImplemented, null, "this listener does not serve upgrades").WriteAsync(Context, state.Current.Settings.GatewayId);
            return;
        }

        var conversation = new Conversation();
        var hasBody = Context.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: true };
        _text.Write(request, hasBody);
        conversation.Output.Write(_text.Written);
        var continued = hasBody && request.Headers.Expect.Count > 0
            ? new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)
            : null;
        var upload = hasBody
            ? BodyRelay.RunAsync(request.BodyReader, conversation.Output, _text.IsChunked, continued?.Task ?? Task.CompletedTask)
            : FlushAsync(conversation);
        if (continued is not null)
        {
            _ = FlushAsync(conversation);
        }

        engine.Converse(conversation.EngineSide, AddressOf(Context));
        await using var gone = Context.RequestAborted.UnsafeRegister(static left => ((Conversation)left!).Interrupt(), conversation);
        var end = await _answer.RunAsync(conversation.Input, Context, state.Draining, continued);
        var body = await EndUploadAsync(upload, conversation, continued);
        conversation.End(end == AnswerEnd.Whole && body.IsWhole);
        if (end == AnswerEnd.Whole)
        {
            return;
        }

        if (body.Fault > 0 && !Context.Response.HasStarted && !_answer.HasBegun)
        {
            var report = new AttemptReport(AttemptEnd.BadRequestBody, body.Fault);
            await Problem.Of(report).WriteAsync(Context, state.Current.Settings.GatewayId);
            return;
        }

        Context.Abort(); // So that the client sees that what it got is not whole.
    }

    private static async Task<BodyEnd> FlushAsync(Conversation conversation)
    {
        await conversation.Output.FlushAsync();
        return new(IsWhole: true);
    }

    /// <summary>After the answer nobody wants what is left of the body.</summary>
    private async Task<BodyEnd> EndUploadAsync(Task<BodyEnd> upload, Conversation conversation, TaskCompletionSource? continued)
    {
        if (!upload.IsCompleted)
        {
            continued?.TrySetCanceled();
            Context.Request.BodyReader.CancelPendingRead();
            conversation.Output.CancelPendingFlush();
        }

        return await upload;
    }

    private static ClientAddress AddressOf(HttpContext context)
    {
        var request = context.Request;
        return new(context.Connection.RemoteIpAddress ?? IPAddress.None, request.Scheme, HttpProtocol.IsHttp2(request.Protocol));
    }
}
