using Gateway.Upstream.Http1;

namespace Gateway.Tests.Upstream;

public sealed class ConnectionSlotsTests
{
    [Fact]
    public void An_idle_connection_makes_room_only_for_who_cannot_use_it()
    {
        var slots = new ConnectionSlots(1, TimeProvider.System);
        Assert.True(slots.TryTakeRoom(closeIdle: false, out var slot));
        var connection = new Http1Connection(
            new SilentStream(), slot, long.MaxValue, (closed, idle) =>
            {
                if (!idle)
                {
                    slots.Release(closed.Slot);
                }
            });
        slots.Fill(connection);
        Assert.True(connection.PutIdle(0, long.MaxValue));
        slots.PushIdle(connection);

        Assert.False(slots.TryTakeRoom(closeIdle: false, out _));
        Assert.False(connection.IsClosed);
        Assert.True(slots.TryTakeRoom(closeIdle: true, out _));
        Assert.True(connection.IsClosed);
        Assert.False(connection.PutIdle(0, long.MaxValue)); // Nothing is received from what is closed.
    }
}
