using Gateway.Upstream.Http1;

namespace Gateway.Tests.Upstream.Http1;

public sealed class ReceiveBufferTests
{
    private const int Limit = 8 * ReceiveBuffer.Initial;

    private readonly ReceiveBuffer _buffer = new();

    [Fact]
    public void It_grows_up_to_the_limit_while_each_receive_fills_it_and_everything_is_consumed()
    {
        List<int> sizes = [];
        for (var receive = 0; receive < 6; receive++)
        {
            _buffer.MakeRoom(Limit);
            sizes.Add(_buffer.Room.Length);
            _buffer.Add(_buffer.Room.Length);
            _buffer.Consume(_buffer.Content.Length);
        }

        Assert.Equal([8192, 16384, 32768, 65536, 65536, 65536], sizes);
    }

    [Fact]
    public void It_stays_as_it_is_while_receives_do_not_fill_it()
    {
        for (var receive = 0; receive < 10; receive++)
        {
            _buffer.MakeRoom(Limit);
            Assert.Equal(ReceiveBuffer.Initial, _buffer.Room.Length);
            _buffer.Add(ReceiveBuffer.Initial - 1);
            _buffer.Consume(ReceiveBuffer.Initial - 1);
        }
    }

    [Fact]
    public void What_is_not_consumed_is_kept_and_more_than_the_limit_is_refused()
    {
        byte next = 0;
        while (_buffer.Content.Length < Limit)
        {
            _buffer.MakeRoom(Limit);
            var room = _buffer.Room.Span;
            for (var i = 0; i < room.Length; i++)
            {
                room[i] = next++;
            }

            _buffer.Add(room.Length);
        }

        Assert.Throws<InvalidDataException>(() => _buffer.MakeRoom(Limit));
        Assert.All(_buffer.Content.ToArray().Index(), each => Assert.Equal((byte)each.Index, each.Item));
        _buffer.Consume(5);
        _buffer.MakeRoom(Limit);
        Assert.Equal((5, (byte)5), (_buffer.Room.Length, _buffer.Content.Span[0]));
    }

    [Fact]
    public void An_idle_connection_does_not_keep_what_a_large_answer_needed()
    {
        for (var receive = 0; receive < 4; receive++)
        {
            _buffer.MakeRoom(Limit);
            _buffer.Add(_buffer.Room.Length);
            _buffer.Consume(_buffer.Content.Length);
        }

        _buffer.Shrink();
        Assert.Equal((true, ReceiveBuffer.Initial), (_buffer.IsEmpty, _buffer.Room.Length));
    }
}
