using System.Net.Sockets;
using System.Text;

namespace Gateway.Node.Hosting;

/// <summary>
/// Notifies the service manager that started this process, by the protocol of systemd's sd_notify(3): datagrams of <c>NAME=value</c> to the socket in
/// <c>NOTIFY_SOCKET</c>. Without that variable, or a listener, it does nothing.
/// </summary>
/// <param name="address">The path of the socket, or with a leading @ the name of an abstract one; null: none.</param>
internal sealed class ServiceNotifier(string? address)
{
    public const string Variable = "NOTIFY_SOCKET";

    public static ServiceNotifier OfProcess() => new(Environment.GetEnvironmentVariable(Variable));

    /// <summary>Reports that all addresses are open: units that depend on this one may start.</summary>
    public void Ready() => Send("READY=1");

    /// <summary>Reports the start of shutdown; a drain may take as long as the settings allow.</summary>
    public void Stopping() => Send("STOPPING=1");

    private void Send(string state)
    {
        if (string.IsNullOrEmpty(address))
        {
            return;
        }

        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
            socket.SendTo(Encoding.UTF8.GetBytes(state), new UnixDomainSocketEndPoint(address[0] == '@' ? $"\0{address[1..]}" : address));
        }
        catch (Exception error) when (error is SocketException or ArgumentException)
        {
            // A manager that does not listen decides by its own time limits.
        }
    }
}
