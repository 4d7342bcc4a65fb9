using System.Globalization;
using System.Text;
using Gateway.Node.Hosting;

namespace Gateway.Node.Proxying;

/// <summary>What the replica says of itself. Takes no slot of the request limit, so that a busy replica is not taken for a dead one.</summary>
internal static class ReplicaChecks
{
    /// <summary><c>/health</c>: the process is there and answers.</summary>
    public static Task HealthAsync(HttpContext context) => AnswerAsync(context, StatusCodes.Status200OK, "{\"status\":\"alive\"}"u8);

    /// <summary>
    /// <c>/ready</c>: it may be sent traffic. Where an actor is out it still may, since requests need none; what is missing is said, without names,
    /// since anyone may ask.
    /// </summary>
    public static Task ReadyAsync(HttpContext context, GatewayState state) => state switch
    {
        { Ready: true, Impaired: { IsEmpty: false } impaired } => AnswerAsync(context, StatusCodes.Status200OK, Encoding.UTF8.GetBytes(string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"status":"ready","impaired":[{{string.Join(',', impaired.Select(Describe))}}]}"""))),
        { Ready: true } => AnswerAsync(context, StatusCodes.Status200OK, "{\"status\":\"ready\"}"u8),
        { Draining: true } => AnswerAsync(context, StatusCodes.Status503ServiceUnavailable, "{\"status\":\"draining\"}"u8),
        _ => AnswerAsync(context, StatusCodes.Status503ServiceUnavailable, "{\"status\":\"starting\"}"u8),
    };

    private static string Describe(Impairment impairment) => string.Create(
        CultureInfo.InvariantCulture,
        $$"""{"actor":"{{impairment.Actor}}","count":{{impairment.Count}},"seconds":{{impairment.For.TotalSeconds:0.0}}}""");

    private static Task AnswerAsync(HttpContext context, int status, ReadOnlySpan<byte> body)
    {
        var response = context.Response;
        response.StatusCode = status;
        response.ContentType = "application/json";
        response.Headers.CacheControl = "no-store";
        response.ContentLength = body.Length;
        return HttpMethods.IsHead(context.Request.Method)
            ? Task.CompletedTask
            : response.Body.WriteAsync(body.ToArray(), context.RequestAborted).AsTask();
    }
}
