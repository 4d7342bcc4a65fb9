using System.Buffers;
using Gateway.Node.Engine;
using Gateway.Node.State;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;

namespace Gateway.Node.Ingress;

/// <summary>
/// Carries one of Kestrel's requests to the engine, and the answer back, concurrently. One per Kestrel HTTP/1.1 connection or HTTP/2 stream, reused for its
/// requests.
/// </summary>
internal sealed class RequestRelay
{
    private static readonly Task<bool> Nothing = Task.FromResult(true);

    private readonly RequestText _text = new();
    private readonly AnswerRelay _answer = new();

    public DefaultHttpContext Context { get; } = new();

    public Task ServeAsync(GatewayState state)
    {
        var closes = state.Draining;
        if (closes && HttpProtocol.IsHttp2(Context.Request.Protocol))
        {
            Context.Features.Get<IConnectionLifetimeNotificationFeature>()?.RequestClose(); // Sends GOAWAY: open streams continue.
        }

        return Context.Features.Get<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true } connect ? ConnectAsync(connect, state)
            : Context.Features.Get<IHttpUpgradeFeature>() is { IsUpgradableRequest: true }
                ? RefuseAsync(Context, new(StatusCodes.Status501NotImplemented, null, "this listener does not support upgrades"), state)
            : RelayAsync(Context.Features.GetRequiredFeature<Conversations>(), closes);
    }

    private Task ConnectAsync(IHttpExtendedConnectFeature connect, GatewayState state) =>
        connect.Protocol == "websocket"
            ? new WebSocketRelay(_text, _answer).ServeAsync(connect, Context, state)
            : RefuseAsync(Context, new(StatusCodes.Status501NotImplemented, null, "extended CONNECT supports only websocket"), state);

    /// <summary>Answers with a problem document without the engine.</summary>
    internal static async Task RefuseAsync(HttpContext context, Problem problem, GatewayState state)
    {
        var (response, body) = (context.Response, problem.ToJson());
        response.StatusCode = problem.Status;
        response.ContentType = "application/problem+json";
        response.Headers["Proxy-Status"] = Problem.StatusField(state.Current.Settings.GatewayId, problem.Error);
        response.ContentLength = body.Length;
        await response.Body.WriteAsync(body, context.RequestAborted);
    }

    private async Task RelayAsync(Conversations conversations, bool closes)
    {
        var conversation = conversations.Take(Context.Request);
        var isFree = false;
        try
        {
            isFree = await RelayAsync(conversation, closes);
        }
        finally
        {
            if (isFree)
            {
                conversations.Return(conversation);
            }
            else
            {
                conversation.End(isWhole: false);
            }
        }
    }

    /// <summary>Returns whether everything sent was read, so that the conversation may continue.</summary>
    private async Task<bool> RelayAsync(Conversation conversation, bool closes)
    {
        var hasBody = Context.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: true };
        _text.Write(Context.Request, hasBody);
        conversation.Output.Write(_text.Written);
        var continued = hasBody && string.Equals(Context.Request.Headers.Expect, "100-continue", StringComparison.OrdinalIgnoreCase)
            ? new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)
            : null;
        var upload = Nothing;
        if (hasBody)
        {
            upload = BodyRelay.RunAsync(Context.Request, conversation.Output, _text, continued?.Task ?? Task.CompletedTask);
        }
        else
        {
            await conversation.Output.FlushAsync();
        }

        AnswerEnd end;
        await using (Context.RequestAborted.UnsafeRegister(static left => ((Conversation)left!).Interrupt(), conversation))
        {
            end = await _answer.RunAsync(conversation.Input, Context, closes, continued);
        }

        var isFree = end == AnswerEnd.Complete && _answer.IsPersistent && upload.IsCompleted && !Context.RequestAborted.IsCancellationRequested;
        if (end != AnswerEnd.Complete)
        {
            Context.Abort(); // Tells the client that its answer is incomplete.
        }

        return await EndUploadAsync(upload, conversation, continued) && isFree;
    }

    /// <summary>Ends the upload after the answer: the rest of the body is not needed.</summary>
    private async Task<bool> EndUploadAsync(Task<bool> upload, Conversation conversation, TaskCompletionSource? continued)
    {
        if (!upload.IsCompleted)
        {
            continued?.TrySetCanceled();
            Context.Request.BodyReader.CancelPendingRead();
            conversation.Output.CancelPendingFlush();
        }

        return await upload;
    }
}
