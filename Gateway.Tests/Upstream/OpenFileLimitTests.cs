using System.Net.Sockets;
using Gateway.Upstream;

namespace Gateway.Tests.Upstream;

public sealed class OpenFileLimitTests
{
    public static TheoryData<Exception?, bool> Errors => new()
    {
        { new SocketException((int)SocketError.TooManyOpenSockets), true },
        { new HttpRequestException("wrapped", new SocketException((int)SocketError.TooManyOpenSockets)), true },
        { new IOException("a file", hresult: 24), true },
        { new IOException("a file", hresult: 23), true },
        { new SocketException((int)SocketError.ConnectionRefused), false },
        { new IOException("a connection", new SocketException((int)SocketError.ConnectionReset)), false },
        { new TimeoutException(), false },
        { null, false },
    };

    [Theory]
    [MemberData(nameof(Errors))]
    public void Only_want_of_descriptors_is_this_process_limit(Exception? error, bool isOurs) => Assert.Equal(isOurs, OpenFileLimit.IsCauseOf(error));

    [Fact]
    public void As_long_as_a_socket_can_be_made_nothing_is_thrown() => Assert.Null(Record.Exception(OpenFileLimit.ThrowIfReached));
}
