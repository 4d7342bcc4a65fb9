using System.Net.Mime;
using System.Text.Json;

namespace Gateway.Node.Sample;

/// <summary>
/// Controls a sample backend, and reads its counts:
/// <code>
/// GET  /-/behave                            the mode
/// POST /-/behave?mode=NAME[&amp;delay-ms=N]     another mode; the delay is that of mode slow, default 1000
/// POST /-/sick, /-/well                     short for the two
/// GET  /-/stats                             the counts
/// POST /-/stats/reset                       counts from 0 again
/// </code>
/// </summary>
internal sealed class ControlPaths(Behaviour behaviour, Tally tally)
{
    public const string Root = "/-";

    private static readonly TimeSpan DefaultSlowBy = TimeSpan.FromSeconds(1);

    public Task HandleAsync(HttpContext context, string path) => (path, context.Request.Method) switch
    {
        ("/behave", "GET") => WriteModeAsync(context),
        ("/behave", "POST") => BehaveAsync(context),
        ("/sick", "POST") => BecomeAsync(context, BackendMode.Sick),
        ("/well", "POST") => BecomeAsync(context, BackendMode.Well),
        ("/stats", "GET") => WriteCountsAsync(context),
        ("/stats/reset", "POST") => ResetAsync(context),
        ("/behave", _) => WrongMethodAsync(context, "GET, POST"),
        ("/stats", _) => WrongMethodAsync(context, "GET"),
        ("/sick" or "/well" or "/stats/reset", _) => WrongMethodAsync(context, "POST"),
        _ => Answers.ProblemAsync(
            context, 404, "Unknown control path", $"{Root}{path}: must be one of /-/behave, /-/sick, /-/well, /-/stats, /-/stats/reset"),
    };

    private Task BehaveAsync(HttpContext context)
    {
        var query = context.Request.Query;
        string? fault = null;
        if (!BackendModeNames.TryParse(query["mode"], out var mode))
        {
            fault = $"mode={query["mode"]}: must be {string.Join(", ", BackendModeNames.All)}";
        }

        var slowBy = AnswerShape.Number(query, Allowed.DelayMs, ref fault) is { } ms ? TimeSpan.FromMilliseconds(ms) : DefaultSlowBy;
        return fault is null ? BecomeAsync(context, mode, slowBy) : Answers.ProblemAsync(context, 400, "Bad query", fault);
    }

    private Task BecomeAsync(HttpContext context, BackendMode mode, TimeSpan slowBy = default)
    {
        behaviour.Become(mode, mode == BackendMode.Slow ? slowBy : TimeSpan.Zero);
        return WriteModeAsync(context);
    }

    private Task WriteModeAsync(HttpContext context)
    {
        var turn = behaviour.Now;
        return Answers.WriteJsonAsync(context, MediaTypeNames.Application.Json, chunked: false, json =>
        {
            json.WriteString("mode", turn.Mode.Name());
            if (turn.Mode == BackendMode.Slow)
            {
                json.WriteNumber("delayMs", (long)turn.SlowBy.TotalMilliseconds);
            }
        });
    }

    private Task WriteCountsAsync(HttpContext context)
    {
        var counts = tally.Read();
        return Answers.WriteJsonAsync(context, MediaTypeNames.Application.Json, chunked: false, json =>
        {
            json.WriteNumber("requests", counts.Requests);
            json.WriteNumber("posts", counts.Posts);
            json.WriteNumber("probes", counts.Probes);
            Write(json, "byMethod", counts.ByMethod);
            Write(json, "byPath", counts.ByPath);
            json.WriteNumber("open", counts.Open);
            json.WriteNumber("connections", counts.Connections);
            json.WriteString("mode", behaviour.Now.Mode.Name());
        });
    }

    private Task ResetAsync(HttpContext context)
    {
        tally.Reset();
        context.Response.StatusCode = 204;
        return Task.CompletedTask;
    }

    private static Task WrongMethodAsync(HttpContext context, string allow)
    {
        context.Response.Headers.Allow = allow;
        return Answers.ProblemAsync(context, 405, "Wrong method", $"{context.Request.Method} {context.Request.Path}: must be {allow}");
    }

    private static void Write(Utf8JsonWriter json, string name, IReadOnlyDictionary<string, long> counts)
    {
        json.WriteStartObject(name);
        foreach (var (key, count) in counts)
        {
            json.WriteNumber(key, count);
        }

        json.WriteEndObject();
    }
}
