using System.CommandLine;
using System.Net;
using System.Net.Sockets;

namespace Gateway.Rig.Churning;

/// <summary>
/// <c>rig churn</c>: backends and clients that break off in every way, with counts once a minute. Exit code 1 if an answer did not match its request.
/// </summary>
internal static class ChurnCommand
{
    public static Command Create()
    {
        var gateway = new Option<string>("--gateway") { Description = "address and port of the replica", Required = true };
        var backends = new Option<int[]>("--backend-port") { Description = "ports to serve as backends", Required = true, AllowMultipleArgumentsPerToken = true };
        var clients = new Option<int>("--clients") { Description = "number of concurrent connections", DefaultValueFactory = _ => 64 };
        var seconds = new Option<double>("--seconds") { Description = "duration in seconds", DefaultValueFactory = _ => 60 };
        var seed = new Option<int>("--seed") { Description = "seed of the random choices", DefaultValueFactory = _ => 1 };
        var command = new Command("churn", "Clients and backends that break off in every way; checks that each answer belongs to its request.") { gateway, backends, clients, seconds, seed };
        command.SetAction(async (parsed, cancellation) =>
        {
            var tally = new ChurnTally(Console.Out.WriteLine);
            var servers = parsed.GetValue(backends)!.Select(port => new ChurnBackend(port, tally)).ToList();
            using var endOfBackends = new CancellationTokenSource();
            using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            var serving = servers.Select(server => server.RunAsync(endOfBackends.Token)).ToList();
            var to = IPEndPoint.Parse(parsed.GetValue(gateway)!);
            await ServingAsync(to, end.Token);
            end.CancelAfter(TimeSpan.FromSeconds(parsed.GetValue(seconds)));
            var asking = Task.WhenAll(Enumerable.Range(0, parsed.GetValue(clients)).Select(n => new ChurnClient(to, (parsed.GetValue(seed) * 10_000) + n, tally).RunAsync(end.Token)));
            using var minute = new PeriodicTimer(TimeSpan.FromMinutes(1));
            while (await Task.WhenAny(asking, minute.WaitForNextTickAsync(CancellationToken.None).AsTask()) != asking)
            {
                Console.WriteLine(tally);
            }

            await asking;
            await endOfBackends.CancelAsync();
            await Task.WhenAll(serving);
            servers.ForEach(server => server.Dispose());
            Console.WriteLine(tally);
            return tally.WrongCount > 0 ? 1 : 0;
        });
        return command;
    }

    /// <summary>Waits until the replica accepts connections.</summary>
    private static async Task ServingAsync(IPEndPoint gateway, CancellationToken end)
    {
        using var again = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (await again.WaitForNextTickAsync(end))
        {
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            try
            {
                await socket.ConnectAsync(gateway, end);
                return;
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionRefused)
            {
                // It is still starting.
            }
        }
    }
}
