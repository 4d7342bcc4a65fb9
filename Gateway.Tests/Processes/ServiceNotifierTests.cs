using System.Net.Sockets;
using System.Text;
using Gateway.Node.Composition;
using Gateway.Node.Hosting;

namespace Gateway.Tests.Processes;

/// <summary>The real process under a service manager that waits for its notifications, like systemd with Type=notify.</summary>
public sealed class ServiceNotifierTests : IDisposable
{
    private readonly TemporaryFiles _files = new([]);
    private readonly Socket _manager = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);

    public void Dispose()
    {
        _manager.Dispose();
        _files.Dispose();
    }

    [Fact]
    public async Task The_manager_hears_that_the_gateway_is_ready_and_that_it_stops()
    {
        _manager.Bind(new UnixDomainSocketEndPoint(_files["notify"]));
        await using var gateway = RealProcess.Start(
            RealProcess.ProgramOf(typeof(GatewayHost)),
            ["--listen-addr", "127.0.0.1:0", "--admin-addr", "127.0.0.1:0", "--relay-endpoints", "http://127.0.0.1:9"],
            new Dictionary<string, string?> { [ServiceNotifier.Variable] = _files["notify"] });

        Assert.Equal("READY=1", await HeardAsync());
        gateway.Signal(System.Runtime.InteropServices.PosixSignal.SIGTERM);
        Assert.Equal("STOPPING=1", await HeardAsync());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("/no/such/socket")]
    [InlineData("@no-such-socket-of-the-tests-of-the-gateway")]
    public void Without_a_manager_nothing_happens(string? address) =>
        Assert.Null(Record.Exception(new ServiceNotifier(address).Ready));

    private async Task<string> HeardAsync()
    {
        var bytes = new byte[256];
        using var limit = new CancellationTokenSource(RealProcess.WaitTimeout);
        return Encoding.UTF8.GetString(bytes, 0, await _manager.ReceiveAsync(bytes, limit.Token));
    }
}
