using System.CommandLine;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Gateway.Node.Composition;
using Gateway.Node.Settings.Loading;
using Gateway.Node.Signals;

namespace Gateway.Node.Demo;

/// <summary>
/// <c>gateway demo</c>: everything in one process, with suggestions to try. Ends with SIGINT or SIGTERM. Exit codes: 0 when asked to stop, 1 when the replicas
/// did not find each other, 2 when the flag is invalid or a port is taken.
/// </summary>
internal static class DemoCommand
{
    public static Command Create()
    {
        var offset = new Option<string>("--port-offset")
        {
            Description = "Number added to every port (8080 to 8082, 8001 to 8004, 9090 to 9092, 9110 to 9112, 4053 to 4055).",
            DefaultValueFactory = _ => "0",
        };
        var command = new Command("demo", "Run three replicas in three zones and four sample backends in this process.") { offset };
        command.SetAction((parsed, cancellation) => RunAsync(parsed, parsed.GetValue(offset) ?? "", cancellation));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, string offset, CancellationToken cancellation)
    {
        var console = parsed.InvocationConfiguration;
        if (!int.TryParse(offset, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number > DemoPorts.MaxOffset)
        {
            await console.Error.WriteLineAsync($"gateway: --port-offset: '{offset}' is not a port offset; allowed: 0 to {DemoPorts.MaxOffset}");
            return GatewayCommand.BadSettings;
        }

        var ports = new DemoPorts(number);
        if (FaultOf(ports) is { } fault)
        {
            return await RefuseAsync(console, number, fault);
        }

        using var termination = new Termination(cancellation);
        try
        {
            var lines = TextWriter.Synchronized(console.Output);
            await using var cluster = await DemoCluster.StartAsync(
                ports, (id, logging) => logging.AddProvider(new DemoLog(id, lines)), termination.Token);
            await lines.WriteAsync(DemoText.Of(cluster));
            await termination.WaitAsync();
        }
        catch (IOException error) when (error.GetBaseException() is SocketException taken)
        {
            return await RefuseAsync(console, number, taken.Message); // It was free when checked, and no longer is.
        }
        catch (IOException error)
        {
            await console.Error.WriteLineAsync($"gateway: {error.Message}");
            return 1;
        }
        catch (OperationCanceledException) when (termination.Token.IsCancellationRequested)
        {
            // Asked to stop during startup.
        }

        return 0;
    }

    private static string? FaultOf(DemoPorts ports)
    {
        var faults = ports.All
            .Select(port => new IPEndPoint(IPAddress.Loopback, port))
            .Select(address => (Address: address, Fault: StartFaults.FaultOf(address)))
            .Where(found => found.Fault is not null)
            .ToList();
        return faults switch
        {
            [] => null,
            [var only] => $"cannot listen on {only.Address}: {only.Fault}",
            [var first, ..] => $"cannot listen on {first.Address} and {faults.Count - 1} more ports: {first.Fault}",
        };
    }

    private static async Task<int> RefuseAsync(InvocationConfiguration console, int offset, string fault)
    {
        await console.Error.WriteLineAsync($"gateway: --port-offset {offset}: {fault}; try another offset");
        return GatewayCommand.BadSettings;
    }
}
