using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Gateway.Rig.Churning;

/// <summary>Reads HTTP/1.1 messages from a socket, with a simple parser independent of the gateway's.</summary>
internal sealed class ChurnReader(Socket socket)
{
    private readonly byte[] _buffer = new byte[16 * 1024];
    private int _start;
    private int _end;

    /// <summary>Reads a start line and fields; null if the connection ended before their end.</summary>
    public async Task<ChurnHead?> ReadHeadAsync(CancellationToken end)
    {
        if (await ReadLineAsync(end) is not { } first)
        {
            return null;
        }

        var fields = new List<(string Name, string Value)>();
        while (true)
        {
            switch (await ReadLineAsync(end))
            {
                case null: return null;
                case "": return new(first, fields);
                case var line:
                    var colon = line.IndexOf(':', StringComparison.Ordinal);
                    fields.Add((line[..colon], line[(colon + 1)..].Trim()));
                    break;
            }
        }
    }

    /// <summary>Reads the body that a head announces.</summary>
    /// <returns>Its bytes, and whether they are complete: false if the connection ended early.</returns>
    public async Task<(byte[] Bytes, bool IsWhole)> ReadBodyAsync(ChurnHead head, bool untilClose, CancellationToken end)
    {
        var body = new MemoryStream();
        if (head.Value("Transfer-Encoding") is not null)
        {
            while (await ReadLineAsync(end) is { } line)
            {
                var size = int.Parse(line.Split(';')[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
                if (size == 0)
                {
                    while (await ReadLineAsync(end) is { } trailer)
                    {
                        if (trailer.Length == 0)
                        {
                            return (body.ToArray(), true);
                        }
                    }

                    break;
                }

                if (!await CopyAsync(size, body, end) || await ReadLineAsync(end) is null)
                {
                    break;
                }
            }

            return (body.ToArray(), false);
        }

        var length = head.Value("Content-Length") is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : untilClose ? int.MaxValue : 0;
        var all = await CopyAsync(length, body, end);
        return (body.ToArray(), all || length == int.MaxValue);
    }

    /// <summary>Reads some bytes and drops them; false at the end of the connection.</summary>
    public async Task<bool> SkipAsync(CancellationToken end)
    {
        _start = _end;
        return await FillAsync(end);
    }

    private async Task<bool> CopyAsync(int count, MemoryStream to, CancellationToken end)
    {
        while (count > 0)
        {
            if (_start == _end && !await FillAsync(end))
            {
                return false;
            }

            var part = Math.Min(count, _end - _start);
            to.Write(_buffer, _start, part);
            _start += part;
            count -= part;
        }

        return true;
    }

    private async Task<string?> ReadLineAsync(CancellationToken end)
    {
        var line = new StringBuilder();
        while (true)
        {
            if (_start == _end && !await FillAsync(end))
            {
                return null;
            }

            var next = (char)_buffer[_start++];
            if (next == '\n')
            {
                return line.ToString().TrimEnd('\r');
            }

            line.Append(next);
        }
    }

    private async Task<bool> FillAsync(CancellationToken end)
    {
        try
        {
            (_start, _end) = (0, await socket.ReceiveAsync(_buffer, end));
        }
        catch (SocketException)
        {
            (_start, _end) = (0, 0); // A reset counts as an end: a body that must be complete is compared with its length.
        }

        return _end > 0;
    }
}
