using Gateway.Node.Engine;
using Gateway.Upstream;
using Gateway.Wire;

namespace Gateway.Tests.Architecture;

/// <summary>
/// Guards event loops against blocking calls, which would stall every connection of the loop. Read from the compiled code of the wire and of the proxy.
/// </summary>
public sealed class DataPathTests
{
    /// <summary>Calls that wait, or may: a type's name stands for all of its methods.</summary>
    private static readonly string[] Blocking =
    [
        "System.Threading.Tasks.Task.Wait", "System.Threading.Tasks.Task.WaitAll", "System.Threading.Tasks.Task.WaitAny",
        "System.Threading.Tasks.Task`1.get_Result", "System.Threading.Tasks.ValueTask`1.get_Result",
        "System.Threading.Thread", "System.Threading.Monitor.Wait", "System.Threading.SpinWait", "System.Threading.WaitHandle",
        "System.Threading.SemaphoreSlim.Wait", "System.Threading.ManualResetEventSlim.Wait", "System.Threading.CountdownEvent.Wait",
        "System.Threading.Barrier", "System.Threading.ReaderWriterLockSlim", "System.Threading.Mutex", "System.Threading.Semaphore",
        "System.Collections.Concurrent.BlockingCollection`1",
        "System.IO.Stream.Read", "System.IO.Stream.ReadByte", "System.IO.Stream.ReadExactly", "System.IO.Stream.ReadAtLeast",
        "System.IO.Stream.Write", "System.IO.Stream.WriteByte", "System.IO.Stream.Flush", "System.IO.Stream.CopyTo",
        "System.Net.Sockets.Socket.Connect", "System.Net.Sockets.Socket.Accept", "System.Net.Sockets.Socket.Send", "System.Net.Sockets.Socket.Receive",
        "System.Net.Sockets.Socket.Poll", "System.Net.Sockets.Socket.Select", "System.Net.Sockets.TcpClient",
        "System.Net.Security.SslStream.AuthenticateAsClient", "System.Net.Http.HttpMessageInvoker.Send", "System.Net.Http.HttpClient.Send",
        "System.Net.Dns.GetHostAddresses", "System.Net.Dns.GetHostEntry", "System.Net.Dns.GetHostName",
        "System.IO.File", "System.IO.FileStream", "System.IO.Directory", "System.Console", "System.Diagnostics.Process",
        "System.Security.Cryptography.X509Certificates.X509Certificate2.CreateFromPemFile",
        "System.Security.Cryptography.X509Certificates.X509Certificate2Collection.ImportFromPemFile",
        "Akka.Actor.Futures.Ask",
    ];

    /// <summary>Calls that end a completed wait. Those of an await are in a state machine; elsewhere they can begin a wait.</summary>
    private static readonly string[] Ending =
    [
        "System.Runtime.CompilerServices.TaskAwaiter.GetResult", "System.Runtime.CompilerServices.TaskAwaiter`1.GetResult",
        "System.Runtime.CompilerServices.ValueTaskAwaiter.GetResult", "System.Runtime.CompilerServices.ValueTaskAwaiter`1.GetResult",
    ];

    /// <summary>Allowed calls, with the reason.</summary>
    private static readonly Dictionary<string, string> Allowed = new()
    {
        ["Gateway.Wire.EventLoop..ctor"] = "creates the loop's thread",
        ["Gateway.Wire.EventLoop.Start"] = "starts it",
        ["Gateway.Wire.EventLoop.Stop"] = "waits for its end, on another thread",
        ["Gateway.Wire.EventLoop.get_IsCurrent"] = "compares two numbers",
        ["Gateway.Wire.ParkingSource.Wait"] = "is the wait of a loop that has nothing to do",
        ["Gateway.Wire.PipeChannel.TryRead"] = "takes the result of a read that has completed",
        ["Gateway.Wire.PipeChannel.Flush"] = "takes the result of a flush that has completed",
        ["Gateway.Node.Limiting.RateTable.Enter"] = "waits for the nanoseconds of another loop's access to the same seven buckets (decision 0017)",
        ["Gateway.Upstream.BackendTls.AuthoritiesOf"] = "reads files when settings are applied, before a connection needs them",
        ["Gateway.Upstream.BackendTls.CertificateOf"] = "likewise",
    };

    private static IEnumerable<MethodBody> DataPath =>
    [
        .. MethodBody.Of(typeof(EventLoop).Assembly),
        .. MethodBody.Of(typeof(BackendTls).Assembly),
        .. MethodBody.Of(typeof(ProxyLoop).Assembly).Where(method => method.Type.StartsWith("Gateway.Node.Engine.", StringComparison.Ordinal)),
        .. MethodBody.Of(typeof(ProxyLoop).Assembly).Where(method => method.Type.StartsWith("Gateway.Node.Routing.", StringComparison.Ordinal)),
        .. MethodBody.Of(typeof(ProxyLoop).Assembly).Where(method => method.Type.StartsWith("Gateway.Node.Recording.", StringComparison.Ordinal)),
        .. MethodBody.Of(typeof(ProxyLoop).Assembly).Where(method => method.Type.StartsWith("Gateway.Node.Limiting.", StringComparison.Ordinal)),
    ];

    [Fact]
    public void Nothing_on_the_data_path_waits_while_it_holds_a_thread()
    {
        var waiting = DataPath
            .Where(method => method.Calls.Any(Blocks) || (!method.IsStateMachine && method.Calls.Any(Ending.Contains)))
            .ToLookup(method => method.ToString(), method => string.Join(", ", method.Calls.Where(call => Blocks(call) || Ending.Contains(call))));

        var offences = waiting.Where(method => !Allowed.ContainsKey(method.Key)).Select(method => $"{method.Key} calls {method.First()}").ToList();
        Assert.True(offences.Count == 0, string.Join('\n', offences));
        Assert.Equal(Allowed.Keys.Order(), waiting.Select(method => method.Key).Order());
    }

    [Fact]
    public void Only_the_making_of_connections_is_kept_by_a_lock() => Assert.Equal(
        ["Gateway.Node.Engine.EndpointConnections", "Gateway.Upstream.Http2.Http2Pool", "Gateway.Wire.ParkingSource"],
        DataPath
            .Where(method => method.Calls.Any(call => call is "System.Threading.Monitor.Enter" or "System.Threading.Lock.EnterScope" or "System.Threading.Lock.Enter"))
            .Select(method => method.Type)
            .Distinct()
            .Order());

    [Fact]
    public void The_guard_sees_what_it_is_to_guard_against()
    {
        var seen = MethodBody.Of(typeof(DataPathTests).Assembly).Where(method => method.Type == typeof(DataPathTests).FullName).ToList();

        Assert.Contains(seen, method => method.Name == nameof(Offend) && method.Calls.Any(Blocks) && method.Calls.Any(Ending.Contains));
        Assert.Contains(seen, method => method is { Name: nameof(OffendLaterAsync), IsStateMachine: true } && method.Calls.Any(Blocks));
    }

    private static bool Blocks(string call) =>
        Blocking.Contains(call) || (call.LastIndexOf('.') is > 0 and var end && Blocking.Contains(call[..end].TrimEnd('.')));

    private static int Offend(Stream stream, Task<int> task) => stream.Read([]) + task.GetAwaiter().GetResult();

    private static async Task OffendLaterAsync(Task task)
    {
        await task;
        Func<bool> wait = () => task.Wait(1);
        wait();
        task.Wait(1);
    }
}
