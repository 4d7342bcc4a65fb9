using System.Collections.Immutable;
using Gateway.Cli.Talking;
using Gateway.Core.Commands;

namespace Gateway.Cli.Shell;

/// <summary>
/// The shell: prompts, with history and completion, on a keyboard; otherwise reads lines. A command's error is printed on one line, and the next command can be
/// entered.
/// </summary>
/// <param name="run">Runs one command and returns its exit code.</param>
internal sealed class InteractiveShell(
    ITerminal terminal, Replica replica, string server, Func<ImmutableArray<string>, Task<int>> run)
{
    /// <summary>Runs until the input ends or the user leaves.</summary>
    /// <returns>The exit code of the last failed command; 0: none failed. Always 0 on a keyboard.</returns>
    public async Task<int> RunAsync(CancellationToken cancellation)
    {
        var palettes = await replica.PalettesAsync(cancellation);
        Func<Task<string?>> read = terminal.ReadsKeys ? Prompting(palettes, cancellation) : terminal.In.ReadLineAsync;
        var code = ExitCode.Done;
        while (await read() is { } line)
        {
            var words = CommandWords.Split(line);
            switch (words)
            {
                case []:
                    break;
                case ["exit" or "quit"]:
                    return terminal.ReadsKeys ? ExitCode.Done : code;
                case var asked when HelpRequest.On(asked) is { } on:
                    code = await HelpAsync(palettes, on) ?? code;
                    break;
                default:
                    var result = await run(words);
                    code = result == ExitCode.Done ? code : result;
                    break;
            }
        }

        return terminal.ReadsKeys ? ExitCode.Done : code;
    }

    /// <returns>The exit code of an error; null: none.</returns>
    private async Task<int?> HelpAsync(ImmutableArray<CommandPalette> palettes, ImmutableArray<string> on)
    {
        try
        {
            await terminal.Out.WriteAsync(HelpText.Of(palettes, on));
            return null;
        }
        catch (PbmException fault)
        {
            await terminal.Error.WriteLineAsync($"pbm: {fault.Message}");
            return fault.Code;
        }
    }

    private Func<Task<string?>> Prompting(ImmutableArray<CommandPalette> palettes, CancellationToken cancellation)
    {
        terminal.Out.WriteLine($"{server}: {string.Join(", ", palettes.Select(p => p.Name))}. 'help' or '?' lists the commands, Tab completes, 'exit' quits.");
        return new LineReader(terminal, $"[{server}] pbm> ", before => CompleteAsync(palettes, before, cancellation)).ReadAsync;
    }

    private async Task<ImmutableArray<string>> CompleteAsync(ImmutableArray<CommandPalette> palettes, string before, CancellationToken cancellation)
    {
        ImmutableArray<string> names = CommandCompletion.KindAt(palettes, before) is { } kind ? await replica.NamesAsync(kind, cancellation) : [];
        return CommandCompletion.Of(palettes, before, names);
    }
}
