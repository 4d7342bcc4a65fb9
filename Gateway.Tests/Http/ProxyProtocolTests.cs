using System.Text;
using CsCheck;
using Gateway.Http;

namespace Gateway.Tests.Http;

public sealed class ProxyProtocolTests
{
    private static readonly byte[] Signature = [0x0D, 0x0A, 0x0D, 0x0A, 0, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A];

    private static readonly byte[] Addresses4 = [192, 0, 2, 1, 192, 0, 2, 2, 0x30, 0x39, 0, 80];

    private static readonly byte[] Addresses6 = [.. Enumerable.Range(1, 32).Select(i => (byte)i), 0x30, 0x39, 0, 80];

    private static byte[][] Valid => ["PROXY TCP4 192.0.2.1 192.0.2.2 12345 80\r\nGET "u8.ToArray(), [.. Head(0x21, 0x11, 12), .. Addresses4], [.. Head(0x21, 0x21, 45), .. Addresses6, .. Extension(9)]];

    public static TheoryData<string, string?, int> Texts => new()
    {
        { "PROXY TCP4 192.0.2.1 192.0.2.2 12345 80\r\n", "192.0.2.1", 12345 },
        { "PROXY TCP6 2001:db8::1 ::ffff:1.2.3.4 0 65535\r\n", "2001:db8::1", 0 },
        { "PROXY UNKNOWN\r\n", null, 0 },
        { "PROXY UNKNOWN ffff:f...f:ffff 1 whatever\r\n", null, 0 },
    };

    [Theory]
    [MemberData(nameof(Texts))]
    public void Version_1_says_where_the_connection_comes_from(string line, string? source, int port)
    {
        var bytes = Encoding.ASCII.GetBytes(line + "GET / HTTP/1.1\r\n");
        var header = ProxyProtocol.Parse(bytes);
        Assert.Equal((ProxyHeaderState.Complete, line.Length, port), (header.State, header.Length, header.Port));
        Assert.Equal(source, header.Source == ProxySource.None ? null : Encoding.ASCII.GetString(bytes[header.Start..header.End]));
        AssertIncompleteBefore(bytes, line.Length);
    }

    [Theory]
    [InlineData("PROXY TCP4 192.0.2.1 192.0.2.2 12345\r\n")]
    [InlineData("PROXY TCP4 192.0.2.1 192.0.2.2 12345 80 \r\n")]
    [InlineData("PROXY TCP4  192.0.2.1 192.0.2.2 12345 80\r\n")]
    [InlineData("PROXY TCP4 192.0.2.1 192.0.2.2 12345 80 a\r\n")]
    [InlineData("PROXY TCP4 192.0.2.1 192.0.2.2 12345 80 a b c\r\n")]
    [InlineData("PROXY TCP4 192.0.2.1 192.0.2.2  80\r\n")]
    [InlineData("PROXY TCP4 192.0.2.1 192.0.2.2 01234 80\r\n")]
    [InlineData("PROXY TCP4 192.0.2.1 192.0.2.2 4294967376 80\r\n")]
    [InlineData("PROXY TCP4 192.0.2.1 192.0.2.2 012345 80\r\n")]
    [InlineData("PROXY TCP4 192.0.2.1 192.0.2.2 65536 80\r\n")]
    [InlineData("PROXY TCP4 192.0.2.1 192.0.2.2 -1 80\r\n")]
    [InlineData("PROXY TCP4 192.0.2 192.0.2.2 1 80\r\n")]
    [InlineData("PROXY TCP4 192.0.2.a 192.0.2.2 1 80\r\n")]
    [InlineData("PROXY TCP4 ::1 ::1 1 80\r\n")]
    [InlineData("PROXY TCP6 192.0.2.1 192.0.2.2 1 80\r\n")]
    [InlineData("PROXY TCP6 fe80::1%eth0 ::1 1 80\r\n")]
    [InlineData("PROXY TCP6 g::1 ::1 1 80\r\n")]
    [InlineData("PROXY TCP4 192.0.2.1\t192.0.2.2 1 80\r\n")]
    [InlineData("PROXY TCP4 192.0.2.1 192.0.2.2 1 80\n")]
    [InlineData("PROXY UDP4 192.0.2.1 192.0.2.2 1 80\r\n")]
    [InlineData("PROXY UDP6 ::1 ::1 1 80\r\n")]
    [InlineData("PROXY UNKNOWNS\r\n")]
    [InlineData("PROXY \r\n")]
    public void A_header_that_deviates_from_version_1_is_faulty(string line) => Assert.Equal(ProxyHeaderState.Faulty, ProxyProtocol.Parse(Encoding.ASCII.GetBytes(line + "GET / HTTP/1.1\r\n\r\n")).State);

    [Fact]
    public void Version_1_ends_within_107_bytes()
    {
        var line = "PROXY UNKNOWN " + new string('x', 91) + "\r\n";
        Assert.Equal(107, line.Length);
        Assert.Equal(ProxyHeaderState.Complete, ProxyProtocol.Parse(Encoding.ASCII.GetBytes(line)).State);
        Assert.Equal(ProxyHeaderState.Faulty, ProxyProtocol.Parse(Encoding.ASCII.GetBytes(line.Replace("\r\n", "x\r\n", StringComparison.Ordinal))).State);
    }

    [Theory]
    [InlineData(0x21, 0x11, 0)]
    [InlineData(0x21, 0x11, 9)]
    [InlineData(0x21, 0x21, 0)]
    [InlineData(0x21, 0x21, 3)]
    public void Version_2_says_where_the_connection_comes_from(byte command, byte family, int extension)
    {
        var addresses = family == 0x11 ? Addresses4 : Addresses6;
        byte[] bytes = [.. Head(command, family, addresses.Length + extension), .. addresses, .. Extension(extension), .. "GET "u8];
        var header = ProxyProtocol.Parse(bytes);
        Assert.Equal((ProxyHeaderState.Complete, ProxySource.Bytes, bytes.Length - 4, 12345), (header.State, header.Source, header.Length, header.Port));
        Assert.Equal(addresses[..(family == 0x11 ? 4 : 16)], bytes[header.Start..header.End]);
        AssertIncompleteBefore(bytes, bytes.Length - 4);
    }

    [Theory]
    [InlineData(0x20, 0x00, 0)]
    [InlineData(0x20, 0x11, 12)]
    [InlineData(0x20, 0x11, 0)]
    [InlineData(0x20, 0x00, 4080)]
    [InlineData(0x21, 0x00, 7)]
    [InlineData(0x21, 0x31, 216)]
    [InlineData(0x21, 0x12, 12)]
    public void A_header_of_the_proxys_own_or_of_another_protocol_leaves_the_peer(byte command, byte family, int length)
    {
        byte[] bytes = [.. Head(command, family, length), .. new byte[length]];
        Assert.Equal(new(ProxyHeaderState.Complete, bytes.Length), ProxyProtocol.Parse(bytes));
        AssertIncompleteBefore(bytes, bytes.Length);
    }

    [Theory]
    [InlineData(0x11, 0x11, 12)]
    [InlineData(0x22, 0x11, 12)]
    [InlineData(0x31, 0x11, 12)]
    [InlineData(0x21, 0x11, 11)]
    [InlineData(0x21, 0x21, 35)]
    [InlineData(0x21, 0x41, 12)]
    [InlineData(0x21, 0x13, 12)]
    [InlineData(0x21, 0x11, 13)]
    [InlineData(0x21, 0x11, 17)]
    [InlineData(0x20, 0x00, 4081)]
    public void A_header_that_deviates_from_version_2_is_faulty(byte command, byte family, int length)
    {
        byte[] bytes = [.. Head(command, family, length), .. Enumerable.Repeat((byte)1, length)];
        Assert.Equal(ProxyHeaderState.Faulty, ProxyProtocol.Parse(bytes).State);
    }

    [Theory]
    [InlineData(0x20, ProxyHeaderState.Incomplete)]
    [InlineData(0x21, ProxyHeaderState.Incomplete)]
    [InlineData(0x11, ProxyHeaderState.Faulty)]
    [InlineData(0x22, ProxyHeaderState.Faulty)]
    public void A_command_that_is_none_is_refused_before_the_rest_has_come(byte command, ProxyHeaderState state) =>
        Assert.Equal(state, ProxyProtocol.Parse([.. Signature, command]).State);

    [Theory]
    [InlineData("GET / HTTP/1.1\r\n")]
    [InlineData("PROXYS")]
    [InlineData("\r\nGET")]
    [InlineData("\u0016\u0003\u0001")]
    public void Anything_else_is_not_a_header(string text) => Assert.Equal(ProxyHeaderState.Absent, ProxyProtocol.Parse(Encoding.Latin1.GetBytes(text)).State);

    /// <summary>For any input: more bytes never change a complete header, and nothing lies outside of it.</summary>
    [Fact]
    public void Bytes_changed_anywhere_and_split_anywhere_are_understood_in_one_way() => Gen.Select(
        Gen.Int[0, 2].Select(i => Valid[i]),
        Gen.Select(Gen.Int[0, 60], Gen.Byte).Array[0, 3],
        Gen.Int[0, 60]).Sample((valid, changes, split) =>
    {
        byte[] bytes = [.. valid];
        foreach (var (at, value) in changes)
        {
            bytes[at % bytes.Length] = value;
        }

        var all = ProxyProtocol.Parse(bytes);
        var part = ProxyProtocol.Parse(bytes.AsSpan(0, Math.Min(split, bytes.Length)));
        Assert.True(all.Length <= bytes.Length && all.Start <= all.End && all.End <= all.Length);
        if (part.State != ProxyHeaderState.Incomplete)
        {
            Assert.Equal(all, part);
        }
    });

    private static void AssertIncompleteBefore(byte[] bytes, int length)
    {
        for (var i = 0; i < length; i++)
        {
            Assert.Equal((i, ProxyHeaderState.Incomplete), (i, ProxyProtocol.Parse(bytes.AsSpan(0, i)).State));
        }
    }

    private static byte[] Head(byte command, byte family, int length) => [.. Signature, command, family, (byte)(length >> 8), (byte)length];

    private static byte[] Extension(int length) => length == 0 ? [] : [4, 0, (byte)(length - 3), .. new byte[length - 3]];
}
