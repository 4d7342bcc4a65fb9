using System.Globalization;
using System.Text.Json;
using Gateway.Actors.Commands;
using Gateway.Actors.Local;
using Gateway.Core.Commands;

namespace Gateway.Node.Admin;

/// <summary>
/// Runs commands: <c>GET /commands</c> lists them, <c>POST /commands</c> runs one and streams its output, one JSON object per line. An unknown command is
/// refused before anything is streamed.
/// </summary>
internal sealed class CommandEndpoint(CommandBook book)
{
    public const string ContentType = "application/x-ndjson";
    private const int MaxWhoLength = 100;

    public Task ListAsync(HttpContext context) => context.Response.WriteAsJsonAsync(
        book.Palettes, CommandJson.Default.ImmutableArrayCommandPalette, cancellationToken: context.RequestAborted);

    public async Task RunAsync(HttpContext context, CancellationToken stopping)
    {
        switch (await ReadAsync(context))
        {
            case CommandParse.Faulty(var what):
                await AdminRoutes.RefuseAsync(context, StatusCodes.Status400BadRequest, what);
                break;
            case CommandParse.Parsed call:
                await StreamAsync(context, call, stopping);
                break;
            default:
                throw new InvalidOperationException("unexpected result");
        }
    }

    private async Task<CommandParse> ReadAsync(HttpContext context)
    {
        try
        {
            var call = await context.Request.ReadFromJsonAsync(CommandJson.Default.CommandCall, context.RequestAborted);
            return CommandLine.Parse(book.Palettes, call is { Words.IsDefault: false } ? call.Words.AsSpan() : []);
        }
        catch (JsonException)
        {
            return new CommandParse.Faulty("""the body must be { "words": [ "palette", "command", ... ] }""");
        }
    }

    private async Task StreamAsync(HttpContext context, CommandParse.Parsed call, CancellationToken stopping)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stopping, context.RequestAborted);
        context.Response.ContentType = ContentType;
        context.Response.Headers.CacheControl = "no-store";
        try
        {
            await context.Response.StartAsync(ending.Token);
            await foreach (var output in book.RunAsync(call, WhoOf(context), ending.Token))
            {
                await WriteAsync(context, output, ending.Token);
            }
        }
        catch (Exception late) when (late is NotInForceException or Akka.Actor.AskTimeoutException)
        {
            await WriteAsync(context, new CommandOutput.Failed(late.Message), ending.Token);
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // The client has left, or the process ends; the stream lacks its last item, which shows that it was cut off.
        }
    }

    private static Task WriteAsync(HttpContext context, CommandOutput output, CancellationToken ending) =>
        context.Response.WriteAsync(JsonSerializer.Serialize(output, CommandJson.Default.CommandOutput) + "\n", ending);

    /// <summary>The caller: its address, and the name that the client gives itself, unverified. Kept short and on one line, since it is logged.</summary>
    private static string WhoOf(HttpContext context)
    {
        var agent = string.Concat(context.Request.Headers.UserAgent.ToString().Where(c => c is >= ' ' and <= '~').Take(MaxWhoLength));
        return string.Create(CultureInfo.InvariantCulture, $"{context.Connection.RemoteIpAddress} ({(agent.Length > 0 ? agent : "unnamed")})");
    }
}
