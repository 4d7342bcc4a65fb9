using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Gateway.Node.AccessLogs;

/// <summary>
/// Sends each line as a syslog message (RFC 5424) in its own datagram, facility local0 and severity informational, over UDP (RFC 5426) or to a local socket.
/// After an error the socket is recreated for the next lines.
/// </summary>
/// <param name="gatewayId">The host name in the messages.</param>
internal sealed class SyslogTarget(SyslogAddress address, string gatewayId, TimeProvider clock) : ILogTarget
{
    /// <summary>local0.info: 16 * 8 + 6.</summary>
    private const int Priority = 134;

    private readonly LineBuffer _message = new();
    private readonly byte[] _origin = Encoding.UTF8.GetBytes(string.Create(
        CultureInfo.InvariantCulture, $" {gatewayId} gateway {Environment.ProcessId} access - "));

    private Socket? _socket;

    public void Write(ReadOnlySpan<byte> lines)
    {
        try
        {
            _socket ??= Connect();
            foreach (var range in lines.Split((byte)'\n'))
            {
                if (lines[range] is { IsEmpty: false } line)
                {
                    Send(_socket, line);
                }
            }
        }
        catch
        {
            Reopen();
            throw;
        }
    }

    public void Reopen()
    {
        _socket?.Dispose();
        _socket = null;
    }

    public void Dispose() => Reopen();

    private void Send(Socket socket, ReadOnlySpan<byte> line)
    {
        _message.Clear();
        _message.Add((byte)'<');
        _message.Add(Priority);
        _message.Add(">1 "u8);
        _message.Add(clock.GetUtcNow(), "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'");
        _message.Add(_origin);
        _message.Add(line);
        socket.Send(_message.Written);
    }

    private Socket Connect()
    {
        EndPoint target = address.Path is { } path ? new UnixDomainSocketEndPoint(path) : EndPointOf(address);
        var socket = address.Path is null
            ? new Socket(target.AddressFamily, SocketType.Dgram, ProtocolType.Udp)
            : new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        try
        {
            socket.Connect(target);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static IPEndPoint EndPointOf(SyslogAddress address) => new IPEndPoint(Dns.GetHostAddresses(address.Host)[0], address.Port);
}
