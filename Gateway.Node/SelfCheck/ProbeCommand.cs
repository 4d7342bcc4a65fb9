using System.CommandLine;
using System.CommandLine.Invocation;
using System.Globalization;
using Gateway.Node.Settings;

namespace Gateway.Node.SelfCheck;

/// <summary>
/// <c>gateway probe</c>: asks the replica on this host whether it is ready, prints one line, and exits with 0 (yes) or 1 (anything else). For container health
/// checks in exec form: the image needs no shell and no curl. Never exits with 2, which Docker reserves.
/// </summary>
internal static class ProbeCommand
{
    private const int MaxTimeoutMs = 60_000;

    /// <param name="sourceOf">Returns the source of the listen address besides the flags; null: this process's environment and files.</param>
    public static Command Create(Func<ParseResult, SettingsSource>? sourceOf = null)
    {
        var listen = new Option<string?>("--listen-addr") { Description = "Address of the replica (host:port); default: GATEWAY_LISTEN_ADDR, the file, 127.0.0.1:8080." };
        var config = new Option<string?>("--config") { Description = "Path of gateway.json, read for listenAddr; default: GATEWAY_CONFIG." };
        var path = new Option<string>("--path") { Description = "Path to request: /ready or /health.", DefaultValueFactory = _ => "/ready" };
        var timeout = new Option<string>("--timeout-ms") { Description = $"Timeout of the check in milliseconds, 1 to {MaxTimeoutMs}.", DefaultValueFactory = _ => "2000" };
        return new Command("probe", "Check whether the replica on this host is ready: exit code 0 or 1.")
        {
            Options = { listen, config, path, timeout },
            Action = new Run(sourceOf ?? SettingsSource.OfProcess, listen, config, path, timeout),
        };
    }

    /// <summary>Handles the parser's errors too, so that an invalid flag exits with 1 instead of the code that Docker reserves.</summary>
    private sealed class Run(
        Func<ParseResult, SettingsSource> sourceOf, Option<string?> listen, Option<string?> config, Option<string> path, Option<string> timeout)
        : AsynchronousCommandLineAction
    {
        public override bool ClearsParseErrors => true;

        public override async Task<int> InvokeAsync(ParseResult parseResult, CancellationToken cancellationToken = default)
        {
            var streams = parseResult.InvocationConfiguration;
            var answer = await AskAsync(parseResult, cancellationToken).ConfigureAwait(false);
            await (answer.Passed ? streams.Output : streams.Error).WriteLineAsync(answer.Line).ConfigureAwait(false);
            return answer.Passed ? 0 : 1;
        }

        private async Task<SelfAnswer> AskAsync(ParseResult typed, CancellationToken cancellation)
        {
            if (CommandLineFaults.Of(typed).FirstOrDefault() is { What: { } what } wrong)
            {
                return new(false, $"{wrong.Where}: {what}");
            }

            var asked = typed.GetValue(path)!;
            if (!asked.StartsWith('/') || asked.Any(c => c is <= ' ' or > '~'))
            {
                return new(false, $"--path: {Faults.Quote(asked)} is not a path; allowed: /ready, /health");
            }

            if (!int.TryParse(typed.GetValue(timeout), NumberStyles.None, CultureInfo.InvariantCulture, out var ms) || ms is 0 or > MaxTimeoutMs)
            {
                return new(false, $"--timeout-ms: {Faults.Quote(typed.GetValue(timeout)!)} is not a timeout; allowed: 1 to {MaxTimeoutMs}");
            }

            try
            {
                var address = await OwnAddress.FindAsync(sourceOf(typed), typed.GetValue(listen), typed.GetValue(config), cancellation)
                    .ConfigureAwait(false);
                return await SelfAnswer.AskAsync(address, asked, TimeSpan.FromMilliseconds(ms), cancellation).ConfigureAwait(false);
            }
            catch (FormatException fault)
            {
                return new(false, fault.Message);
            }
        }
    }
}
