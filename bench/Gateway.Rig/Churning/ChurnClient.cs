using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Gateway.Rig.Churning;

/// <summary>
/// An endless series of clients, each with its own connection: most behave well, with one request after another or several at once; the others leave in the
/// middle of a request or an answer, dribble, half-close, or send what is not HTTP. Every answer must match its request.
/// </summary>
internal sealed class ChurnClient(EndPoint gateway, int seed, ChurnTally tally)
{
    /// <summary>More than the gateway's timeouts here.</summary>
    private const int MaxSeconds = 40;

    private static long _ids;

    private readonly Random _random = new(seed);

    public async Task RunAsync(CancellationToken end)
    {
        while (!end.IsCancellationRequested)
        {
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            using var timeout = new RunningTimeout(MaxSeconds);
            var doing = "connecting";
            try
            {
                await socket.ConnectAsync(gateway, timeout.Token);
                tally.Connected();
                doing = await BehaveAsync(socket, timeout.Token);
            }
            catch (SocketException)
            {
                tally.Answered("broken"); // While sending: the gateway had closed before.
            }
            catch (OperationCanceledException)
            {
                tally.Wrong($"nothing came for {MaxSeconds} s");
            }
            catch (FormatException e)
            {
                tally.Wrong($"an answer that is not HTTP, after {doing}: {e.Message}");
            }
        }
    }

    private async Task<string> BehaveAsync(Socket socket, CancellationToken end)
    {
        switch (_random.Next(20))
        {
            case < 9:
                for (var left = _random.Next(1, 20); left > 0 && await AskAsync(socket, [Make(anything: true)], end); left--)
                {
                }

                return "asking";
            case < 13:
                await AskAsync(socket, [.. Enumerable.Range(0, _random.Next(2, 7)).Select(_ => Make(anything: false))], end);
                return "pipelining";
            case < 15:
                var upload = (Make(anything: false) with { Upload = _random.Next(1000, 200_000) }).Write();
                await socket.SendAsync(upload.AsMemory(0, _random.Next(1, upload.Length)), end);
                Leave(socket);
                return "leaving in a request";
            case < 17:
                await socket.SendAsync((Make(anything: true) with { Size = _random.Next(1, 300_000) }).Write(), end);
                await new ChurnReader(socket).SkipAsync(end);
                Leave(socket);
                return "leaving in an answer";
            case 17:
                var last = Make(anything: false);
                await socket.SendAsync(last.Write(), end);
                socket.Shutdown(SocketShutdown.Send);
                await ReadAsync(new(socket), last, end);
                return "half-closing";
            case 18:
                var bytes = new byte[_random.Next(1, 400)];
                _random.NextBytes(bytes);
                await socket.SendAsync((byte[])[.. bytes, .. "\r\n\r\n"u8], end);
                await RefusedAsync(new(socket), end);
                return "sending invalid HTTP";
            default:
                var dribbled = Make(anything: true);
                foreach (var part in dribbled.Write().Chunk(_random.Next(1, 2000)))
                {
                    await socket.SendAsync(part, end);
                    await Task.Yield();
                }

                await ReadAsync(new(socket), dribbled, end);
                return "dribbling";
        }
    }

    /// <summary>Sends all requests, then reads all answers; false if the connection is over.</summary>
    private async Task<bool> AskAsync(Socket socket, ChurnRequest[] requests, CancellationToken end)
    {
        var reader = new ChurnReader(socket);
        await socket.SendAsync(requests.SelectMany(r => r.Write()).ToArray(), end);
        foreach (var request in requests)
        {
            if (!await ReadAsync(reader, request, end))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Reads the answer to a request and reports errors; false if that ends the connection.</summary>
    private async Task<bool> ReadAsync(ChurnReader reader, ChurnRequest request, CancellationToken end)
    {
        var head = await reader.ReadHeadAsync(end);
        while (head is { Status: 103 })
        {
            head = await reader.ReadHeadAsync(end);
        }

        if (head is null)
        {
            tally.Answered("none");
            return false;
        }

        var (body, isWhole) = await reader.ReadBodyAsync(head, untilClose: head.Status != 204, end);
        var id = request.Id.ToString(CultureInfo.InvariantCulture);
        if (head.Value("X-Request") is { } own)
        {
            if (own != id || !ChurnBody.Begins(request.Id, body) || body.Length > request.Size)
            {
                tally.Wrong($"the answer to {request} is that of {own}: {head.First}, {body.Length} bytes");
            }
            else if (isWhole && head.Status == 200 && body.Length != request.Size)
            {
                tally.Wrong($"the answer to {request} ended properly after {body.Length} bytes");
            }

            tally.Answered(isWhole ? "whole" : request.IsComplete ? "cut_though_well" : "cut");
        }
        else if (head.Status is 502 or 503 or 504)
        {
            tally.Answered((request.IsComplete ? "refused_though_well_" : "refused_") + head.Status);
        }
        else
        {
            tally.Wrong($"the answer to {request} is {head.First}");
        }

        return isWhole && head.Value("Connection") != "close";
    }

    private async Task RefusedAsync(ChurnReader reader, CancellationToken end)
    {
        var head = await reader.ReadHeadAsync(end);
        if (head is { Status: not (400 or 431 or 505 or 414 or 501) })
        {
            tally.Wrong($"invalid HTTP was answered with {head.First}");
        }

        tally.Answered(head is null ? "none" : "bad_request");
    }

    private void Leave(Socket socket) => socket.LingerState = new(_random.Next(2) == 0, 0);

    private ChurnRequest Make(bool anything)
    {
        var kind = (ChurnKind)_random.Next(anything && _random.Next(4) == 0 ? (int)ChurnKind.Garbage + 1 : (int)ChurnKind.Cut);
        var size = kind == ChurnKind.Empty ? 0 : _random.Next(_random.Next(8) switch { 0 => 300_000, 1 => 20_000, _ => 500 }) + 2;
        var upload = _random.Next(3) == 0 ? _random.Next(1, _random.Next(6) == 0 ? 200_000 : 3000) : 0;
        return new(Interlocked.Increment(ref _ids), kind, size, upload, _random.Next(2) == 0);
    }
}
