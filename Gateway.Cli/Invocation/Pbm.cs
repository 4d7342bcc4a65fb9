using System.Collections.Immutable;
using Gateway.Cli.Shell;
using Gateway.Cli.Showing;
using Gateway.Cli.Talking;
using Gateway.Core.Commands;

namespace Gateway.Cli.Invocation;

/// <summary>The program: one command, or the shell. Every error is one line on standard error and an exit code.</summary>
internal static class Pbm
{
    public static async Task<int> RunAsync(IReadOnlyList<string> args, ITerminal terminal, Func<string, string?> environment)
    {
        try
        {
            var options = Options.Parse(args, environment);
            if (options.Help && !options.Words.IsEmpty)
            {
                options = options with { Words = ["help", .. options.Words] };
            }
            else if (options.Help)
            {
                await terminal.Out.WriteLineAsync(Options.Usage);
                return ExitCode.Done;
            }

            if (options.Version)
            {
                await terminal.Out.WriteLineAsync(typeof(Pbm).Assembly.GetName().Version?.ToString(3));
                return ExitCode.Done;
            }

            using var replica = new Replica(options, Token.Find(options.TokenFile, environment));
            return await RunAsync(options, terminal, replica, environment);
        }
        catch (PbmException fault)
        {
            return await SayAsync(terminal, fault);
        }
    }

    private static async Task<int> RunAsync(Options options, ITerminal terminal, Replica replica, Func<string, string?> environment)
    {
        var colors = options.Color && terminal.IsSeen && string.IsNullOrEmpty(environment("NO_COLOR"));
        Task<int> Run(ImmutableArray<string> words) => RunCommandAsync(terminal, replica, words, options.Json
            ? new JsonPrinter(terminal.Out)
            : new TextPrinter(terminal.Out, colors, terminal.IsSeen ? new LiveScreen(terminal.Out, () => terminal.Height) : null));

        switch (options.Words)
        {
            case []:
                return await new InteractiveShell(terminal, replica, options.ServerName, Run).RunAsync(CancellationToken.None);
            case var words when HelpRequest.On(words) is { } on:
                await terminal.Out.WriteAsync(HelpText.Of(await replica.PalettesAsync(CancellationToken.None), on));
                return ExitCode.Done;
            default:
                return await Run(options.Words);
        }
    }

    private static async Task<int> RunCommandAsync(ITerminal terminal, Replica replica, ImmutableArray<string> words, IPrinter printer)
    {
        using var interrupted = new CancellationTokenSource();
        using var hearing = terminal.CancelOnInterrupt(interrupted);
        try
        {
            await ShowAsync(replica.RunAsync(words, interrupted.Token), printer);
            return ExitCode.Done;
        }
        catch (PbmException fault)
        {
            return await SayAsync(terminal, fault);
        }
        catch (OperationCanceledException) when (interrupted.IsCancellationRequested)
        {
            return ExitCode.Interrupted;
        }
    }

    /// <summary>Shows all output; the terminal is restored at the end in any case.</summary>
    private static async Task ShowAsync(IAsyncEnumerable<CommandOutput> outputs, IPrinter printer)
    {
        using (printer)
        {
            await foreach (var output in outputs)
            {
                printer.Show(output);
                if (output is CommandOutput.Failed(var why))
                {
                    throw new PbmException(ExitCode.Failed, why);
                }
            }
        }
    }

    private static async Task<int> SayAsync(ITerminal terminal, PbmException fault)
    {
        await terminal.Error.WriteLineAsync($"pbm: {fault.Message}");
        return fault.Code;
    }
}
