using System.Net;
using Gateway.Node.Engine;
using Gateway.Node.Settings;

namespace Gateway.Fuzz.Engine.Http2;

/// <summary>
/// One input of the HTTP/2 server: clients that send frames, in pieces, with HTTP/1.1 backends behind it. Nothing may be thrown on a loop, clients must get
/// valid frames, backends valid requests and no more than there were heads, and nothing may be left after all have gone.
/// </summary>
internal sealed class Http2Input(EngineRig rig, long seed, Trace? trace)
{
    private const int Refused = 111;
    private const long TimeLimitMilliseconds = 20 * 60_000;

    private readonly Random _random = new(unchecked((int)(seed ^ (seed >> 32))));
    private readonly List<(FarEnd End, FrameReader Reader)> _clients = [];
    private readonly List<(FarEnd End, AnyBackend Backend)> _backends = [];
    private int _heads;
    private int _requests;

    /// <summary>Throws <see cref="ScriptException"/>, or an exception of the engine.</summary>
    public static void Run(EngineRig rig, long seed, Trace? trace) => new Http2Input(rig, seed, trace).Run();

    private void Run()
    {
        rig.Begin((ulong)_random.NextInt64(), _random.Next(1, EngineRig.MaxEndpoints + 1), pool => pool, LimitSettings.Default, Connect);
        trace?.Begin();
        for (var clients = _random.Next(1, 3); clients > 0; clients--)
        {
            AddClient();
        }

        for (var step = 0; step < 400 && Step(); step++)
        {
            Check();
        }

        foreach (var (end, _) in _clients)
        {
            end.HasEnded = true;
            end.Room = FarEnd.Boundless;
        }

        Settle();
        rig.AssertNothingLeft();
    }

    private void AddClient()
    {
        var end = new FarEnd($"client {_clients.Count}", trace) { IsConnected = true, Room = _random.Next(4) != 0 ? FarEnd.Boundless : _random.Next(20_000) };
        var reader = new FrameReader(end);
        end.OnGot = reader.Read;
        _clients.Add((end, reader));
        var script = new FrameScript(_random);
        var bytes = script.Make().SelectMany(frame => frame).ToArray();
        _heads += script.Heads;
        for (var at = 0; at < bytes.Length;)
        {
            var piece = Math.Min(bytes.Length - at, _random.Next(3) == 0 ? _random.Next(1, 20) : _random.Next(1, 16 * 1024));
            end.Sent.Enqueue(bytes[at..(at + piece)]);
            at += piece;
        }

        var loop = _random.Next(2);
        rig.Metrics.ClientConnected();
        rig.Loops[loop].AcceptHttp2(rig.Sources[loop].Adopt(end), new ClientAddress(IPAddress.Loopback, isHttp2: true));
    }

    private FarEnd Connect(int port)
    {
        var end = new FarEnd($"backend {port} connection {_backends.Count}", trace) { Room = _random.Next(6) != 0 ? FarEnd.Boundless : _random.Next(3000) };
        var backend = new AnyBackend(end, _random, _ => _requests++);
        end.OnGot = backend.Read;
        _backends.Add((end, backend));
        return end;
    }

    private bool Step()
    {
        Connect();
        var isActive = TellSome(_random.Next(1, 4));
        rig.Turn();
        if (_random.Next(6) == 0)
        {
            rig.Pass(_random.Next(8) == 0 ? _random.Next(20_000) : _random.Next(40));
        }

        if (_random.Next(1000) == 0)
        {
            var loop = rig.Loops[_random.Next(2)];
            loop.Wire.Post(_random.Next(2) == 0 ? loop.Drain : loop.CutOff);
        }

        foreach (var (end, _) in _clients)
        {
            end.HasReset |= _random.Next(400) == 0;
            end.Room = end.Room != FarEnd.Boundless && _random.Next(4) == 0 ? end.Room + _random.Next(40_000) : end.Room;
        }

        return isActive || _random.Next(8) != 0;
    }

    /// <summary>Completes connections to backends, nearly all successfully.</summary>
    private void Connect()
    {
        foreach (var (end, _) in _backends)
        {
            if (!end.IsConnected && end.ConnectError == 0)
            {
                end.IsConnected = _random.Next(12) != 0;
                end.ConnectError = end.IsConnected ? 0 : Refused;
            }
        }
    }

    private bool TellSome(int oneIn)
    {
        var isReady = false;
        foreach (var source in rig.Sources)
        {
            foreach (var channel in source.Open)
            {
                if (channel.IsReady)
                {
                    isReady = true;
                    if (_random.Next(oneIn) == 0)
                    {
                        source.Tell(channel);
                    }
                }
            }
        }

        return isReady;
    }

    private void Check()
    {
        if (rig.Faults.Count > 0)
        {
            throw new ScriptException($"thrown on a loop: {rig.Faults[0]}");
        }

        if (_requests > 2 * _heads) // A request may be sent again when a kept connection was closed.
        {
            throw new ScriptException(FormattableString.Invariant($"{_requests} requests reached backends, of {_heads} heads"));
        }
    }

    private void Settle()
    {
        for (var passed = 0L; passed < TimeLimitMilliseconds;)
        {
            Connect();
            var isReady = TellSome(1);
            rig.Turn();
            Check();
            if (!isReady)
            {
                foreach (var (end, backend) in _backends)
                {
                    end.Room = FarEnd.Boundless;
                    end.HasEnded |= passed > TimeLimitMilliseconds / 2 || backend.IsSilent;
                }

                if (rig.Sources[0].Open.Count + rig.Sources[1].Open.Count == 0 && rig.Clock.Timers == 0)
                {
                    return;
                }

                passed += Math.Max(1, rig.Pass(60_000));
            }
        }

        throw new ScriptException("something is still waiting after 20 minutes");
    }
}
