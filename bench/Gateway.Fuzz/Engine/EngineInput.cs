using System.Globalization;
using Gateway.Core.Balancing;
using Gateway.Core.Pools;
using Gateway.Http;
using Gateway.Node.Settings;

namespace Gateway.Fuzz.Engine;

/// <summary>
/// One input: clients, backends and everything between them, all from a seed. First all act in an order given by the seed; then none does, time passes, and
/// nothing may be left.
/// </summary>
internal sealed class EngineInput
{
    private const int MaxSteps = 600;

    /// <summary>The virtual time after which everything must have ended.</summary>
    private const long TimeLimitMilliseconds = 20 * 60_000;

    private readonly EngineRig _rig;
    private readonly Random _random;
    private readonly Script _script;
    private readonly List<FarClient> _clients = [];
    private readonly List<FarBackend> _backends = [];
    private readonly RequestHead _parser = new(EngineRig.Limits);
    private readonly Trace? _trace;
    private int _maxConnections;

    /// <param name="trace">Records events; null: none.</param>
    public EngineInput(EngineRig rig, long seed, Trace? trace = null)
    {
        (_rig, _trace) = (rig, trace);
        _random = new Random(unchecked((int)(seed ^ (seed >> 32))));
        _script = new Script(_random);
    }

    /// <summary>Throws <see cref="ScriptException"/>, or an exception of the engine.</summary>
    public void Run()
    {
        _maxConnections = _random.Next(1, 4);
        _rig.Begin((ulong)_random.NextInt64(), _random.Next(1, EngineRig.MaxEndpoints + 1), Shape, LimitsOf(), Connect);
        _trace?.Begin();
        for (var clients = _random.Next(1, 5); clients > 0; clients--)
        {
            AddClient();
        }

        var step = 0;
        while (step < MaxSteps && Step())
        {
            step++;
            Check();
        }

        Settle();
        foreach (var client in _clients)
        {
            client.CheckEnd(isAnswered: _script.IsCalm && step < MaxSteps);
        }

        _rig.AssertNothingLeft();
    }

    private PoolSettings Shape(PoolSettings pool) => _script.IsCalm
        ? pool with { Connections = new() { Max = _maxConnections, QueueTimeout = TimeSpan.FromMinutes(1) }, Breaker = new() { Threshold = 1000 } }
        : pool with
        {
            Strategy = _random.Next(2) == 0 ? Strategy.RoundRobin : Strategy.P2C,
            Connections = new()
            {
                Max = _maxConnections,
                QueueSize = _random.Next(4),
                QueueTimeout = TimeSpan.FromMilliseconds(_random.Next(1, 2000)),
                IdleTimeout = TimeSpan.FromMilliseconds(_random.Next(1000, 60_000)),
                MaxLifetime = TimeSpan.FromMilliseconds(_random.Next(1000, 100_000)),
                MaxAnswerFields = _random.Next(4) == 0 ? 5 : 128,
            },
            Breaker = new() { Threshold = _random.Next(1, 6) },
            Retry = new()
            {
                Attempts = _random.Next(4),
                BudgetPercent = 100,
                MaxKeptBody = _random.Next(3) switch { 0 => 0, 1 => 50, _ => 64 * 1024 },
            },
            Timeouts = new()
            {
                Request = TimeSpan.FromMilliseconds(_random.Next(100, 30_000)),
                Try = TimeSpan.FromMilliseconds(_random.Next(50, 10_000)),
                Idle = TimeSpan.FromMilliseconds(_random.Next(100, 60_000)),
            },
            Host = _random.Next(3) switch { 0 => new(HostMode.Endpoint), 1 => new(HostMode.Fixed, "fixed"), _ => HostPolicy.Preserve },
        };

    private LimitSettings LimitsOf() => _script.IsCalm ? LimitSettings.Default : new()
    {
        MaxConnections = _random.Next(4) == 0 ? 1 : 1000,
        MaxRequestBodySize = _random.Next(4) == 0 ? 100 : null,
    };

    private void AddClient()
    {
        var isPlain = _script.IsCalm || _random.Next(3) != 0;
        var stream = new List<byte>();
        for (var requests = _random.Next(1, 6); requests > 0; requests--)
        {
            stream.AddRange(_script.Requests.Make(_script.NewId(_clients.Count), isPlain, _script.IsCalm));
        }

        var bytes = isPlain ? stream.ToArray() : _script.Mutate([.. stream]);
        var end = new FarEnd($"client {_clients.Count}", _trace) { Room = _random.Next(3) != 0 ? FarEnd.Boundless : _random.Next(3000) };
        _clients.Add(new FarClient(_clients.Count, end, bytes, RequestsIn(bytes), isPlain, _random, _script));
        _rig.Accept(end, _random.Next(2));
    }

    private FarEnd Connect(int port)
    {
        var end = new FarEnd($"backend {port} connection {_backends.Count}", _trace) { Room = _random.Next(6) != 0 ? FarEnd.Boundless : _random.Next(3000) };
        var backend = new FarBackend(end, _random, _script);
        (end.OnGot, end.OnDelivered) = (backend.Read, backend.Delivered);
        _backends.Add(backend);
        return end;
    }

    /// <summary>The requests in a client's bytes, up to the first invalid one.</summary>
    private List<(string Method, string Id)> RequestsIn(ReadOnlySpan<byte> stream)
    {
        var requests = new List<(string, string)>();
        while (_parser.Parse(stream) == HeadState.Complete)
        {
            requests.Add((_parser.Method, HeadFields.Of(_parser.Fields, stream[.._parser.Length]).Id));
            var body = _parser.Body;
            stream = stream[_parser.Length..];
            var taken = body.Take(stream);
            if (body.IsAtTrailers)
            {
                taken += body.TakeTrailers(stream[taken..]);
            }

            stream = stream[taken..];
            if (!body.IsDone)
            {
                break;
            }
        }

        return requests;
    }

    /// <summary>Performs one action; false if there is none to perform.</summary>
    private bool Step()
    {
        var isActive = false;
        foreach (var source in _rig.Sources)
        {
            foreach (var channel in source.Open)
            {
                if (channel.IsReady)
                {
                    isActive = true;
                    if (_random.Next(2) == 0)
                    {
                        source.Tell(channel);
                    }
                }
            }
        }

        foreach (var client in _clients)
        {
            if (client.IsActive)
            {
                isActive = true;
                if (_random.Next(3) == 0)
                {
                    client.Act();
                }
            }
        }

        for (var i = 0; i < _backends.Count; i++)
        {
            if (_backends[i].IsActive)
            {
                isActive = true;
                if (_random.Next(2) == 0)
                {
                    _backends[i].Act();
                }
            }
        }

        _rig.Turn();
        var passes = _random.Next(_script.IsCalm ? 16 : 6) == 0;
        if (passes)
        {
            _rig.Pass(_random.Next(4) == 0 && !_script.IsCalm ? _random.Next(20_000) : _random.Next(40));
        }

        if (!_script.IsCalm && _random.Next(80) == 0)
        {
            Intervene();
        }

        return isActive || passes || _random.Next(4) != 0;
    }

    private void Intervene()
    {
        var loop = _rig.Loops[_random.Next(2)];
        switch (_random.Next(8))
        {
            case 0:
                loop.Wire.Post(loop.Drain);
                break;
            case 1:
                loop.Wire.Post(loop.GoAway);
                break;
            case 2:
                loop.Wire.Post(loop.CutOff);
                break;
            default:
                _rig.HalfOpen(_random.Next(EngineRig.MaxEndpoints));
                break;
        }
    }

    private void Check()
    {
        if (_rig.Faults.Count > 0)
        {
            throw new ScriptException($"thrown on a loop: {_rig.Faults[0]}");
        }

        foreach (var client in _clients)
        {
            client.Check();
        }

        _rig.AssertCounts(_maxConnections);
    }

    /// <summary>Delivers everything in flight, and lets time pass until nothing is in progress.</summary>
    private void Settle()
    {
        for (var passed = 0L; passed < TimeLimitMilliseconds;)
        {
            var isReady = false;
            foreach (var source in _rig.Sources)
            {
                foreach (var channel in source.Open)
                {
                    if (channel.IsReady)
                    {
                        isReady = true;
                        source.Tell(channel);
                    }
                }
            }

            _rig.Turn();
            Check();
            if (!isReady)
            {
                if (_rig.Sources[0].Open.Count + _rig.Sources[1].Open.Count == 0 && _rig.Clock.Timers == 0)
                {
                    return;
                }

                passed += Math.Max(1, _rig.Pass(60_000));
            }
        }

        throw new ScriptException(string.Create(CultureInfo.InvariantCulture, $"after {TimeLimitMilliseconds / 60_000} minutes something is still waiting"));
    }
}
