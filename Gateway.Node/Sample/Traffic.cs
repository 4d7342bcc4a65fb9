using System.Globalization;
using System.Net.Mime;
using Microsoft.AspNetCore.Http.Features;

namespace Gateway.Node.Sample;

/// <summary>Answers the requests of a sample backend: probes and traffic by its mode, the control paths always.</summary>
/// <param name="stopping">Ends waiting and hanging requests when the backend stops.</param>
internal sealed class Traffic(SampleBackendOptions options, Behaviour behaviour, Tally tally, CancellationToken stopping)
{
    private readonly ControlPaths _control = new(behaviour, tally);
    private readonly Dice _dice = new(options.Name, options.Seed);

    public async Task HandleAsync(HttpContext context)
    {
        context.Response.Headers["X-Backend"] = options.Name;
        if (context.Request.Path.StartsWithSegments(ControlPaths.Root, out var rest))
        {
            tally.Probe();
            await _control.HandleAsync(context, rest.Value ?? "");
            return;
        }

        var probe = context.Request.Path == "/health";
        if (probe)
        {
            tally.Probe();
        }
        else
        {
            tally.Begin(context.Request.Method, context.Request.Path.Value ?? "");
        }

        var ending = "cut";
        try
        {
            ending = await AnswerAsync(context, probe);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested || stopping.IsCancellationRequested)
        {
            context.Abort();
        }
        finally
        {
            if (!probe)
            {
                tally.End();
            }

            Log(context, ending);
        }
    }

    /// <summary>Answers by the current mode; returns how it ended, for the log.</summary>
    private async Task<string> AnswerAsync(HttpContext context, bool probe)
    {
        var turn = behaviour.Now;
        while (turn.Mode == BackendMode.Hang)
        {
            await WaitAsync(context, turn.Ended.WaitAsync);
            turn = behaviour.Now;
        }

        switch (turn.Mode)
        {
            case BackendMode.Reset:
                BrokenAnswers.Reset(context);
                return "reset";
            case BackendMode.Garbage:
                await BrokenAnswers.GarbageAsync(context);
                return "garbage";
            case BackendMode.HalfClose:
                await BrokenAnswers.HalfAsync(context, options.Name);
                return "half-close";
            default:
                await (probe ? HealthAsync(context, turn.Mode) : ShapedAsync(context, turn));
                return context.Response.StatusCode.ToString(CultureInfo.InvariantCulture);
        }
    }

    private static Task HealthAsync(HttpContext context, BackendMode mode)
    {
        var status = mode is BackendMode.Sick or BackendMode.Degraded ? mode : BackendMode.Well;
        context.Response.StatusCode = status == BackendMode.Sick ? 503 : 200;
        if (status == BackendMode.Degraded)
        {
            context.Response.Headers["X-Health"] = "degraded";
        }

        return Answers.WriteJsonAsync(
            context, MediaTypeNames.Application.Json, chunked: false, json => json.WriteString("status", status.Name()));
    }

    private async Task ShapedAsync(HttpContext context, Behaviour.Turn turn)
    {
        if (turn.Mode is BackendMode.Sick or BackendMode.Failing)
        {
            await Answers.ProblemAsync(context, 503, "Unwell", $"{options.Name} is {turn.Mode.Name()}");
            return;
        }

        if (AnswerShape.Read(options, context.Request.Query, out var fault) is not { } shape)
        {
            await Answers.ProblemAsync(context, 400, "Bad query", fault!);
            return;
        }

        var delay = shape.Delay + turn.SlowBy;
        if (shape.Jitter > TimeSpan.Zero)
        {
            delay += shape.Jitter * _dice.Draw();
        }

        if (delay > TimeSpan.Zero)
        {
            await WaitAsync(context, token => Task.Delay(delay, options.Time, token));
        }

        if (shape.ErrorRate > 0 && _dice.Draw() < shape.ErrorRate)
        {
            await Answers.ProblemAsync(context, 503, "Error rate", $"{options.Name} has an error rate of {shape.ErrorRate}");
            return;
        }

        context.Response.StatusCode = shape.Status;
        await (shape switch
        {
            { Status: 204 or 205 or 304 } => Task.CompletedTask,
            { EchoBody: true } => Answers.EchoBodyAsync(context, shape.Chunked),
            { Size: > 0 } => Answers.SizedAsync(context, shape.Size, shape.Chunked),
            _ => Answers.EchoRequestAsync(context, options.Name, shape.Chunked),
        });
    }

    private async Task WaitAsync(HttpContext context, Func<CancellationToken, Task> wait)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        await wait(either.Token);
    }

    private void Log(HttpContext context, string ending)
    {
        if (options.Log is { } log)
        {
            var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
            var id = context.Request.Headers["X-Request-Id"].ToString();
            log.WriteLine($"{options.Name} {context.Request.Method} {target} id={(id.Length == 0 ? "-" : id)} {ending}");
        }
    }
}
