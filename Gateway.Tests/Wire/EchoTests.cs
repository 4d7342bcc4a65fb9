using System.Security.Cryptography;
using Gateway.Wire;

namespace Gateway.Tests.Wire;

public sealed class EchoTests
{
    private const int Size = 4 * 1024 * 1024;

    /// <summary>Each side stops the other by not reading, and continues later: nothing is lost, doubled or reordered.</summary>
    [Theory]
    [InlineData(Carrier.Epoll, 1)]
    [IfUring(Carrier.Uring, 1)]
    [InlineData(Carrier.Epoll, 8)]
    [IfUring(Carrier.Uring, 8)]
    [InlineData(Carrier.Pipes, 1)]
    [InlineData(Carrier.Pipes, 8)]
    public async Task Megabytes_come_back_whole_and_in_order_through_pauses_in_both_directions(Carrier carrier, int clients)
    {
        await using var far = new RunningLoop(carrier);
        await using var near = new RunningLoop(carrier);
        var address = RunningLoop.BytesOf(await far.Listen(channel => new Echo(channel)));

        var sessions = new List<Client>();
        for (var i = 0; i < clients; i++)
        {
            sessions.Add(await near.Do(() => new Client(near, address, Size / clients, seed: i)));
        }

        foreach (var client in sessions)
        {
            Assert.Equal(Convert.ToHexString(SHA256.HashData(client.Sent)), await client.Returned.WaitAsync(RunningLoop.Limit));
            Assert.True(client.Pauses > 2);
        }

        await near.AssertNothingLeft();
    }

    /// <summary>Echoes input; does not read while it cannot send, and occasionally pauses without need.</summary>
    private sealed class Echo(Channel channel) : IChannelHandler
    {
        private int _calls;

        public void OnReceived(ReadOnlySpan<byte> bytes)
        {
            var half = bytes.Length / 2;
            if (!(_calls++ % 2 == 0 ? channel.Send(bytes) : channel.Send(bytes[..half], bytes[half..])))
            {
                channel.Pause();
            }
            else if (_calls % 16 == 0)
            {
                channel.Pause();
                channel.Loop.After(1, channel.Resume);
            }
        }

        public void OnDrained() => channel.Resume();

        public void OnEnd() => channel.EndSending();

        public void OnConnected() => Assert.Fail("it was accepted");

        public void OnClosed(int error) => Assert.Equal(0, error);

        public void OnDeadline() => Assert.Fail("none was set");
    }

    private sealed class Client : IChannelHandler
    {
        private readonly TaskCompletionSource<string> _returned = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        private readonly Random _random;
        private readonly Channel _channel;
        private int _sent;
        private int _received;
        private bool _ended;

        public Client(RunningLoop loop, byte[] address, int size, int seed)
        {
            _random = new Random(seed);
            Sent = new byte[size];
            _random.NextBytes(Sent);
            _channel = loop.Connect(address, this);
        }

        public byte[] Sent { get; }

        public int Pauses { get; private set; }

        /// <summary>The hash of the echo, once the connection is closed.</summary>
        public Task<string> Returned => _returned.Task;

        public void OnConnected() => Send();

        public void OnDrained() => Send();

        public void OnReceived(ReadOnlySpan<byte> bytes)
        {
            _hash.AppendData(bytes);
            var before = _received;
            _received += bytes.Length;
            if (before / (Sent.Length / 8) != _received / (Sent.Length / 8))
            {
                Pauses++;
                _channel.Pause();
                _channel.Loop.After(_random.Next(1, 30), _channel.Resume);
            }
        }

        public void OnEnd() => _ended = true;

        public void OnClosed(int error)
        {
            if (_ended && error == 0)
            {
                _returned.SetResult(Convert.ToHexString(_hash.GetHashAndReset()));
            }
            else
            {
                _returned.SetException(new InvalidOperationException($"closed with {error} after {_received} of {Sent.Length} bytes"));
            }
        }

        public void OnDeadline() => Assert.Fail("none was set");

        private void Send()
        {
            var goesOn = true;
            while (goesOn && _sent < Sent.Length)
            {
                var part = Math.Min(_random.Next(1, 200_000), Sent.Length - _sent);
                goesOn = _channel.Send(Sent.AsSpan(_sent, part));
                _sent += part;
            }

            if (_sent == Sent.Length)
            {
                _channel.EndSending();
            }
        }
    }
}
