using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;

namespace Gateway.Node.Settings.Loading;

/// <summary>
/// The command <c>gateway</c>: its flags, its help, and the loading of settings. Errors in flags, variables or file are printed to standard error, one line
/// each, and the exit code is <see cref="BadSettings"/>.
/// </summary>
public sealed class GatewayCommand
{
    /// <summary>The exit code for invalid settings.</summary>
    public const int BadSettings = 2;

    /// <summary>The exit code of a command that a signal interrupted before it had a result.</summary>
    public const int Interrupted = 130;

    internal const string ConfigOption = "--config";
    internal const string CheckOption = "--check-config";
    internal const string ConfigVariable = "GATEWAY_CONFIG";

    private readonly RootCommand _root = new("Balances HTTP load over backends, probes them, and shares the results with its cluster.");
    private readonly Func<GatewaySettings, SettingsSource, CancellationToken, Task<int>> _run;
    private readonly Func<ParseResult, SettingsSource> _sourceOf;

    /// <param name="run">Runs the gateway with valid settings and returns the exit code; the source allows loading them again.</param>
    /// <param name="subcommands">Other commands of the process.</param>
    /// <param name="sourceOf">Returns the source of settings besides the flags; null: this process's environment and files.</param>
    public GatewayCommand(
        Func<GatewaySettings, SettingsSource, CancellationToken, Task<int>> run,
        IEnumerable<Command>? subcommands = null,
        Func<ParseResult, SettingsSource>? sourceOf = null)
    {
        _run = run;
        _sourceOf = sourceOf ?? SettingsSource.OfProcess;

        // Every flag accepts any number of any text, so that the schema checks it, together with all other errors.
        foreach (var flag in Flag.All)
        {
            _root.Add(new Option<string[]>(flag.Option) { Arity = ArgumentArity.ZeroOrMore, Description = flag.Summary, HelpName = flag.Value });
        }

        _root.Add(new Option<string[]>(ConfigOption) { Arity = ArgumentArity.ZeroOrMore, Description = HelpText.Config, HelpName = "path" });
        _root.Add(new Option<bool>(CheckOption) { Arity = ArgumentArity.Zero, Description = HelpText.Check });
        foreach (var subcommand in subcommands ?? [])
        {
            _root.Add(subcommand);
        }

        var help = _root.Options.OfType<HelpOption>().Single();
        help.Action = new HelpText(_root, (SynchronousCommandLineAction)help.Action!);
        _root.SetAction((parsed, cancel) => LoadAndRunAsync(parsed, parsed.InvocationConfiguration, cancel));
    }

    /// <summary>Parses without running. "@name" is ordinary text, and "-ab" is not two flags.</summary>
    public ParseResult Parse(IReadOnlyList<string> args) =>
        _root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null, EnablePosixBundling = false });

    /// <summary>Parses and runs. Signals are left to the code that runs the gateway: draining takes longer than any default here.</summary>
    /// <param name="output">Null: standard output.</param>
    /// <param name="error">Null: standard error.</param>
    /// <returns>The exit code.</returns>
    public async Task<int> InvokeAsync(
        IReadOnlyList<string> args, TextWriter? output = null, TextWriter? error = null, CancellationToken cancel = default)
    {
        var configuration = new InvocationConfiguration
        {
            ProcessTerminationTimeout = null,
            EnableDefaultExceptionHandler = false,
            Output = output ?? Console.Out,
            Error = error ?? Console.Error,
        };

        try
        {
            return await InvokeAsync(Parse(HelpWords(args)), configuration, cancel).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            return Interrupted;
        }
    }

    private async Task<int> InvokeAsync(ParseResult parsed, InvocationConfiguration configuration, CancellationToken cancel)
    {
        if (parsed.Action is not ParseErrorAction)
        {
            return await parsed.InvokeAsync(configuration, cancel).ConfigureAwait(false);
        }

        // Errors of the gateway's own flags are reported together with those of variables and file.
        if (parsed.CommandResult.Command == _root)
        {
            return await LoadAndRunAsync(parsed, configuration, cancel).ConfigureAwait(false);
        }

        foreach (var (where, what, _) in CommandLineFaults.Of(parsed))
        {
            await configuration.Error.WriteLineAsync($"gateway: {where}: {what}").ConfigureAwait(false);
        }

        return BadSettings;
    }

    /// <summary>Handles the word <c>help</c>: first, alone or before a command, or after a command.</summary>
    private static IReadOnlyList<string> HelpWords(IReadOnlyList<string> args) => args switch
    {
        ["help"] => ["--help"],
        ["help", var command] => [command, "--help"],
        [var command, "help"] when !command.StartsWith('-') => [command, "--help"],
        _ => args,
    };

    private async Task<int> LoadAndRunAsync(ParseResult parsed, InvocationConfiguration console, CancellationToken cancel)
    {
        var source = _sourceOf(parsed);
        var checksOnly = parsed.GetResult(CheckOption) is OptionResult { Implicit: false };
        SettingsResult result;
        try
        {
            result = await SettingsLoader.LoadAsync(source, cancel).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested && !checksOnly)
        {
            return 0; // Stopped before it had begun to serve, which is not an error.
        }

        foreach (var warning in result.Warnings)
        {
            await console.Error.WriteLineAsync(warning).ConfigureAwait(false);
        }

        switch (result)
        {
            case SettingsResult.Loaded when checksOnly:
                await console.Output.WriteLineAsync("settings ok").ConfigureAwait(false);
                return 0;
            case SettingsResult.Loaded loaded:
                return await _run(loaded.Settings, source, cancel).ConfigureAwait(false);
            case SettingsResult.Faulty faulty:
                foreach (var fault in faulty.Faults)
                {
                    await console.Error.WriteLineAsync(fault).ConfigureAwait(false);
                }

                return BadSettings;
            default:
                throw new InvalidOperationException($"unexpected result: {result}");
        }
    }
}
