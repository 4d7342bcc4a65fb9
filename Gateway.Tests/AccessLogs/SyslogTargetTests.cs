using System.Net;
using System.Net.Sockets;
using System.Text;
using Gateway.Node.AccessLogs;
using Microsoft.Extensions.Time.Testing;

namespace Gateway.Tests.AccessLogs;

public sealed class SyslogTargetTests
{
    private static readonly string Head = $"<134>1 2027-01-02T03:04:05.000000Z g1 gateway {Environment.ProcessId} access - ";

    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2027, 1, 2, 3, 4, 5, TimeSpan.Zero));

    [Fact]
    public void Each_line_is_a_message_of_its_own_over_udp()
    {
        using var server = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = 10_000 };
        server.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        using var target = new SyslogTarget(SyslogAddress.Parse($"syslog://{server.LocalEndPoint}")!, "g1", _clock);
        target.Write("one\ntwo\n"u8);
        Assert.Equal([Head + "one", Head + "two"], [Receive(server), Receive(server)]);
    }

    [Fact]
    public void Each_line_is_a_message_of_its_own_at_a_socket_of_the_machine_also_of_one_that_came_back()
    {
        using var files = new TemporaryFiles([]);
        using var target = new SyslogTarget(SyslogAddress.Parse($"syslog:{files["log"]}")!, "g1", _clock);
        using (var server = Listen(files["log"]))
        {
            target.Write("one\n"u8);
            Assert.Equal(Head + "one", Receive(server));
        }

        Assert.True(LogWriter.IsFault(Assert.ThrowsAny<Exception>(() => target.Write("lost\n"u8))));
        File.Delete(files["log"]);
        using var again = Listen(files["log"]);
        target.Write("two\n"u8);
        Assert.Equal(Head + "two", Receive(again));
    }

    [Theory]
    [InlineData("syslog:")]
    [InlineData("syslog:dev/log")]
    [InlineData("syslog://host")]
    [InlineData("syslog://host:0")]
    [InlineData("syslog://:514")]
    public void A_text_that_is_not_an_address_is_refused(string text) => Assert.Null(SyslogAddress.Parse(text));

    private static Socket Listen(string path)
    {
        var server = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { ReceiveTimeout = 10_000 };
        server.Bind(new UnixDomainSocketEndPoint(path));
        return server;
    }

    private static string Receive(Socket server)
    {
        var bytes = new byte[4096];
        return Encoding.UTF8.GetString(bytes, 0, server.Receive(bytes));
    }
}
