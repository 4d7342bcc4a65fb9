using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Gateway.Core.Commands;
using Microsoft.Extensions.Logging;

namespace Gateway.Actors.Commands;

/// <summary>
/// All commands of a replica. Transports (the admin API, or Petabridge.Cmd's host) take the definitions from here and
/// run the commands they receive.
/// </summary>
public sealed partial class CommandBook(IEnumerable<Palette> palettes, ILogger<CommandBook> log)
{
    private readonly ImmutableArray<Palette> _palettes = [.. palettes];

    public ImmutableArray<CommandPalette> Palettes => [.. _palettes.Select(p => p.Definition)];

    /// <summary>Runs a parsed command; the last piece says whether it succeeded. A change is logged with its user.</summary>
    /// <param name="who">The user, if known.</param>
    public async IAsyncEnumerable<CommandOutput> RunAsync(
        CommandParse.Parsed call, string who, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        var handler = _palettes.Single(p => p.Name == call.Palette).Commands.Single(c => c.Definition.Name == call.Definition.Name).Handler;
        var what = $"{call.Palette} {call.Definition.Name}{string.Concat(call.Arguments.Select(a => $" {a.Key}={a.Value}"))}";
        if (call.Definition.Changes)
        {
            Log.ChangeAsked(log, who, what);
        }

        CommandOutput.Failed? failed = null;
        await foreach (var output in CatchAsync(handler(new(call.Arguments, who), cancellation), cancellation).ConfigureAwait(false))
        {
            failed ??= output as CommandOutput.Failed;
            yield return output;
        }

        if (failed is null)
        {
            yield return new CommandOutput.Done();
        }
        else if (call.Definition.Changes)
        {
            Log.ChangeFailed(log, who, what, failed.Text);
        }
    }

    /// <summary>Turns an exception of the handler into a final one-line failure.</summary>
    private static async IAsyncEnumerable<CommandOutput> CatchAsync(
        IAsyncEnumerable<CommandOutput> outputs, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var each = outputs.GetAsyncEnumerator(cancellation);
        while (true)
        {
            CommandOutput output;
            try
            {
                if (!await each.MoveNextAsync().ConfigureAwait(false))
                {
                    yield break;
                }

                output = each.Current;
            }
            catch (Exception error) when (error is not OperationCanceledException || !cancellation.IsCancellationRequested)
            {
                output = new CommandOutput.Failed(error.Message.ReplaceLineEndings(" "));
            }

            yield return output;
            if (output is CommandOutput.Failed)
            {
                yield break;
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(90, LogLevel.Information, "{Who} requested: {What}", EventName = "change-asked")]
        public static partial void ChangeAsked(ILogger logger, string who, string what);

        [LoggerMessage(91, LogLevel.Warning, "command of {Who} failed: {What}: {Why}", EventName = "change-failed")]
        public static partial void ChangeFailed(ILogger logger, string who, string what, string why);
    }
}
