// Holds idle keep-alive connections open until it is killed.
//   idle-holder HOST PORT COUNT PATH
// Each connection has one exchange first, so that the proxy has allocated everything for it, and is idle from then on. Prints
// "holding COUNT" when all are open; exit code 1 when one is refused, closed or not answered with 200.
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

if (args is not [var host, var portText, var countText, var path])
{
    await Console.Error.WriteLineAsync("usage: idle-holder HOST PORT COUNT PATH");
    return 2;
}

const int AtOnce = 32;
var target = new IPEndPoint(IPAddress.Parse(host), int.Parse(portText, CultureInfo.InvariantCulture));
var request = Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: {target}\r\n\r\n");
var sockets = new Socket[int.Parse(countText, CultureInfo.InvariantCulture)];
try
{
    await Parallel.ForAsync(0, sockets.Length, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (index, cancel) =>
    {
        sockets[index] = new Socket(target.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await sockets[index].ConnectAsync(target, cancel);
        await sockets[index].SendAsync(request, SocketFlags.None, cancel);
        await ReadAnswerAsync(sockets[index], cancel);
    });
}
catch (Exception error) when (error is SocketException or IOException)
{
    await Console.Error.WriteLineAsync($"idle-holder: {error.Message}");
    return 1;
}

Console.WriteLine($"holding {sockets.Length}");
await Task.Delay(Timeout.Infinite);
return 0;

// The answers have a Content-Length and fit into one buffer.
static async Task ReadAnswerAsync(Socket socket, CancellationToken cancel)
{
    var buffer = new byte[4096];
    var text = "";
    while (true)
    {
        var read = await socket.ReceiveAsync(buffer.AsMemory(text.Length), SocketFlags.None, cancel);
        text += Encoding.Latin1.GetString(buffer, text.Length, read);
        var head = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        if (head >= 0 && text.Length - head - 4 >= ContentLength(text))
        {
            return;
        }

        if (read == 0 || text.Length == buffer.Length)
        {
            throw new IOException($"not a whole answer: {text}");
        }
    }
}

static int ContentLength(string text)
{
    const string Field = "\r\ncontent-length:";
    var field = text.IndexOf(Field, StringComparison.OrdinalIgnoreCase);
    if (field < 0 || !text.StartsWith("HTTP/1.1 200 ", StringComparison.Ordinal))
    {
        throw new IOException($"not an answer with status 200 and a length: {text}");
    }

    var value = text.AsSpan(field + Field.Length);
    return int.Parse(value[..value.IndexOf('\r')].Trim(), CultureInfo.InvariantCulture);
}
