using System.Net;
using System.Text;
using Gateway.Fuzz.Engine;
using Gateway.Fuzz.Engine.Http2;
using Gateway.Http.Http2;
using Gateway.Node.Engine;
using Gateway.Node.Settings;

namespace Gateway.Tests.Engine.Http2;

/// <summary>The HTTP/2 server in virtual time, between one client and backends played by the test.</summary>
internal sealed class Http2Rig : IDisposable
{
    private readonly EngineRig _rig = new();
    private readonly FarEnd _client = new("client", null) { IsConnected = true };
    private readonly FrameReader _reader;

    /// <param name="room">The bytes that a backend takes.</param>
    public Http2Rig(int room = FarEnd.Boundless)
    {
        _reader = new(_client);
        _client.OnGot = _reader.Read;
        _rig.Begin(1, 1, pool => pool with { Timeouts = new() { Request = TimeSpan.FromMinutes(30), Try = TimeSpan.FromMinutes(30), Idle = TimeSpan.FromMinutes(30) } }, LimitSettings.Default, _ =>
        {
            var end = new FarEnd("backend", null) { Room = room };
            Backends.Add(end);
            return end;
        });
        _rig.Metrics.ClientConnected();
        _rig.Loops[0].AcceptHttp2(_rig.Sources[0].Adopt(_client), new ClientAddress(IPAddress.Loopback, isHttp2: true));
        Send([.. FrameMaker.Preface, .. FrameMaker.Frame(FrameType.Settings, 0, 0)]);
    }

    /// <summary>The connections to backends, in the order of the requests.</summary>
    public List<FarEnd> Backends { get; } = [];

    /// <summary>The client's input.</summary>
    public FrameReader Got => _reader;

    public void Send(params byte[] bytes)
    {
        _client.Sent.Enqueue(bytes);
        Turn();
    }

    public void Get(int stream) => Send(FrameMaker.Frame(FrameType.Headers, FrameFlags.EndHeaders | FrameFlags.EndStream, stream, FrameMaker.Head("GET", $"/{stream}")));

    public void Answer(int backend, string answer)
    {
        foreach (var piece in Encoding.Latin1.GetBytes(answer).Chunk(16 * 1024))
        {
            Backends[backend].Sent.Enqueue(piece);
        }

        Turn();
    }

    /// <summary>Lets time pass, deadline by deadline.</summary>
    public void Pass(long milliseconds)
    {
        while (milliseconds > 0)
        {
            milliseconds -= Math.Max(1, _rig.Pass(milliseconds));
            Turn();
        }
    }

    public void Dispose() => _rig.Dispose();

    private void Turn()
    {
        for (var isReady = true; isReady;)
        {
            isReady = false;
            Backends.ForEach(backend => backend.IsConnected = true);
            foreach (var source in _rig.Sources)
            {
                foreach (var channel in source.Open.Where(channel => channel.IsReady))
                {
                    isReady = true;
                    source.Tell(channel);
                }
            }

            _rig.Turn();
            Assert.Empty(_rig.Faults);
        }
    }
}
