using System.Buffers.Binary;
using System.Net;
using Gateway.Tests.EndToEnd.Backends;

namespace Gateway.Tests.EndToEnd;

/// <summary>The settings of the HTTP/2 address, read from the connection.</summary>
public sealed class Http2SettingsTests
{
    private const string Preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\u0004\0\0\0\0\0";

    [Fact]
    public async Task It_offers_extended_CONNECT()
    {
        await using var gateway = await TestGateway.StartAsync([], settings: s => s with { Http2Address = new(IPAddress.Loopback, 0) });
        await using var client = await RawClient.ConnectAsync(gateway.Http2Address);
        await client.SendAsync(Preface);
        var head = await client.ReadBytesAsync(9);
        Assert.Equal(4, head[3]);
        var settings = SettingsIn(await client.ReadBytesAsync(head[0] << 16 | head[1] << 8 | head[2]));

        Assert.True(settings.GetValueOrDefault(3) > 0); // The most streams: shows that the frame has contents.
        Assert.Equal(1u, settings.GetValueOrDefault(8)); // SETTINGS_ENABLE_CONNECT_PROTOCOL (RFC 8441 3).
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
