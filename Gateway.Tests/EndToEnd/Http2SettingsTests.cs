using System.Buffers.Binary;
using System.Net;
using Gateway.Node.Hosting;
using Gateway.Tests.EndToEnd.Backends;

namespace Gateway.Tests.EndToEnd;

/// <summary>What the address for HTTP/2 offers its clients, read off the wire.</summary>
public sealed class Http2SettingsTests
{
    private const string Preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\u0004\0\0\0\0\0";

    [Fact]
    public async Task It_does_not_offer_extended_CONNECT_which_it_does_not_serve()
    {
        await using var gateway = await TestGateway.StartAsync([], settings: s => s with { Http2Address = new(IPAddress.Loopback, 0) });
        await using var client = await RawClient.ConnectAsync(gateway.Http2Address);
        await client.SendAsync(Preface);
        var head = await client.ReadBytesAsync(9);
        Assert.Equal(4, head[3]);
        var settings = SettingsIn(await client.ReadBytesAsync(head[0] << 16 | head[1] << 8 | head[2]));

        Assert.True(settings.GetValueOrDefault(3) > 0); // The largest number of streams: the frame is one that says something.
        Assert.Equal(0u, settings.GetValueOrDefault(SettingsFrame.EnableConnectProtocol));
    }

    [Fact]
    public void The_setting_is_found_however_the_frame_is_cut_and_nothing_else_is_changed()
    {
        byte[] written = [0, 0, 12, 4, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 100, 0, 8, 0, 0, 0, 1, /* and another frame */ 0, 0, 6, 4, 0, 0, 0, 0, 0, 0, 8, 0, 0, 0, 1];
        byte[] wanted = [.. written[..20], 0, .. written[21..]];
        for (var size = 1; size <= written.Length; size++)
        {
            var bytes = written.ToArray();
            var frame = new SettingsFrame();
            for (var at = 0; at < bytes.Length; at += size)
            {
                frame.Withhold(SettingsFrame.EnableConnectProtocol, bytes.AsSpan(at, Math.Min(size, bytes.Length - at)));
            }

            Assert.Equal(wanted, bytes);
            Assert.True(frame.IsOver);
        }
    }

    [Fact]
    public void Another_frame_is_left_alone()
    {
        byte[] bytes = [0, 0, 6, 0, 0, 0, 0, 0, 1, 0, 8, 0, 0, 0, 1];
        var frame = new SettingsFrame();
        frame.Withhold(SettingsFrame.EnableConnectProtocol, bytes);
        Assert.True(frame.IsOver);
        Assert.Equal([0, 0, 6, 0, 0, 0, 0, 0, 1, 0, 8, 0, 0, 0, 1], bytes);
    }

    private static Dictionary<int, uint> SettingsIn(byte[] payload)
    {
        Dictionary<int, uint> settings = [];
        for (var at = 0; at < payload.Length; at += 6)
        {
            settings[BinaryPrimitives.ReadUInt16BigEndian(payload.AsSpan(at))] = BinaryPrimitives.ReadUInt32BigEndian(payload.AsSpan(at + 2));
        }

        return settings;
    }
}
