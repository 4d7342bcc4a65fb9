using System.CommandLine;
using System.CommandLine.Invocation;
using System.Net.Sockets;
using Gateway.Node.Settings.Loading;
using Gateway.Node.Signals;

namespace Gateway.Node.Sample;

/// <summary>
/// <c>gateway backend</c>: a sample backend, until SIGINT or SIGTERM. Exit codes: 0 when asked to stop, 2 when a flag is invalid or its address cannot be
/// listened on, with one line per such flag on standard error.
/// </summary>
public static class BackendCommand
{
    public static Command Create()
    {
        var flags = new BackendFlags();
        var command = new Command("backend", "Run a sample backend to try the gateway against.") { Action = new Run(flags) };
        foreach (var flag in flags.All)
        {
            command.Options.Add(flag);
        }

        return command;
    }

    /// <summary>Handles the parser's errors too, so that they have the same form and exit code.</summary>
    private sealed class Run(BackendFlags flags) : AsynchronousCommandLineAction
    {
        public override bool ClearsParseErrors => true;

        public override async Task<int> InvokeAsync(ParseResult parseResult, CancellationToken cancellationToken = default)
        {
            var streams = parseResult.InvocationConfiguration;
            var options = flags.Read(parseResult, out var faults);
            foreach (var fault in faults)
            {
                await streams.Error.WriteLineAsync(fault);
            }

            return faults.Count > 0 ? GatewayCommand.BadSettings : await ServeAsync(options, streams, cancellationToken);
        }

        private static async Task<int> ServeAsync(
            SampleBackendOptions options, InvocationConfiguration streams, CancellationToken cancellation)
        {
            using var termination = new Termination(cancellation);
            SampleBackend backend;
            try
            {
                backend = await SampleBackend.StartAsync(options, termination.Token);
            }
            catch (Exception e) when (e is IOException or SocketException)
            {
                await streams.Error.WriteLineAsync($"--listen-addr {options.Listen}: cannot listen there: {e.GetBaseException().Message}");
                return GatewayCommand.BadSettings;
            }
            catch (OperationCanceledException) when (termination.Token.IsCancellationRequested)
            {
                return 0;
            }

            await using (backend)
            {
                await streams.Output.WriteLineAsync($"backend {backend.Name} listens on {backend.Address}");
                await termination.WaitAsync();
            }

            return 0;
        }
    }
}
