using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using Gateway.Node.AccessLogs;
using Gateway.Node.Recording;

namespace Gateway.Tests.AccessLogs;

/// <summary>Nothing sent by a client can end a text or a line, or begin another.</summary>
public sealed class LineFormatTests
{
    private static readonly Gen<byte[]> Bytes = Gen.OneOf(
        Gen.Byte.Array[0, 40], Gen.OneOf<byte>((byte)'"', (byte)'\\', (byte)'\r', (byte)'\n', 0, 0x1b, 0x7f, 0xc2, 0x85, 0xe2, 0x80, 0xa8, 0xff, (byte)'a').Array[0, 40]);

    [Fact]
    public void Whatever_the_bytes_are_a_line_of_json_is_one_object() =>
        Gen.Select(Bytes, Bytes, Bytes).Sample((target, host, field) =>
        {
            var line = LineOf(new JsonFormat([new("x-a", false)], TimeProvider.System), target, host, field);
            Assert.Equal(line.Length - 1, line.AsSpan().IndexOf((byte)'\n'));
            var text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(line.AsSpan(..^1));
            Assert.DoesNotContain(text, c => char.IsControl(c) || c is '\u2028' or '\u2029' or '\u202e');
            var told = JsonNode.Parse(text)!.AsObject();
            Assert.Equal("forged-not", (string?)told["reason"]);
            Assert.Equal(Meant(target), (string?)told["target"] ?? "");
            Assert.Equal(Meant(host), (string?)told["host"] ?? "");
            Assert.Equal(Meant(field), (string?)told["fields"]!["x-a"]);
        });

    [Fact]
    public void Whatever_the_bytes_are_a_combined_line_is_one_line_of_printable_ascii_with_six_quotes() =>
        Gen.Select(Bytes, Bytes).Sample((target, field) =>
        {
            var line = LineOf(new CombinedFormat([new("referer", false)]), target, [], field);
            Assert.Equal(line.Length - 1, line.AsSpan().IndexOf((byte)'\n'));
            Assert.All(line[..^1], octet => Assert.InRange(octet, (byte)0x20, (byte)0x7e));
            var text = Encoding.ASCII.GetString(line).Replace("\\\\", "", StringComparison.Ordinal).Replace("\\\"", "", StringComparison.Ordinal);
            Assert.Equal(6, text.Count(c => c == '"'));
        });

    /// <summary>The text that a reader of the JSON gets: valid UTF-8 unchanged, any other byte as the character of its value.</summary>
    private static string Meant(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder();
        while (!bytes.IsEmpty)
        {
            var isValid = Rune.DecodeFromUtf8(bytes, out var rune, out var length) == System.Buffers.OperationStatus.Done;
            text.Append(isValid ? rune.ToString() : ((char)bytes[0]).ToString());
            bytes = bytes[(isValid ? length : 1)..];
        }

        return text.ToString();
    }

    [Fact]
    public void A_line_has_the_certificate_that_the_client_has_shown()
    {
        var record = new AccessRecord(0);
        record.Begin(1, IPAddress.Loopback, "https", "TLSv1.3");
        (record.ClientSubject, record.ClientFingerprint) = ("CN=\"a\"", "00ff");
        record.Over(200, 0, 0, 2);
        var lines = new LineBuffer();
        new JsonFormat([], TimeProvider.System).Write(lines, record, DateTimeOffset.UnixEpoch);
        Assert.Contains(""","tls":"TLSv1.3","clientSubject":"CN=\"a\"","clientFingerprint":"00ff",""".Replace("\"a\"", "\\\"a\\\"", StringComparison.Ordinal), Encoding.UTF8.GetString(lines.Written), StringComparison.Ordinal);

        record.Begin(1, IPAddress.Loopback, "https", "TLSv1.3");
        record.Over(200, 0, 0, 2);
        lines.Clear();
        new JsonFormat([], TimeProvider.System).Write(lines, record, DateTimeOffset.UnixEpoch);
        Assert.DoesNotContain("clientSubject", Encoding.UTF8.GetString(lines.Written), StringComparison.Ordinal);
    }

    private static byte[] LineOf(ILineFormat format, byte[] target, byte[] host, byte[] field)
    {
        var record = new AccessRecord(1);
        record.Begin(1, IPAddress.Loopback, "http", "TLSv1.3");
        record.Method = "GET";
        record.Target = record.Keep(target);
        record.Host = record.Keep(host);
        record.Fields[0] = record.Keep(field);
        record.Refused(400, "forged-not");
        record.Over(400, 0, 0, 2);
        var lines = new LineBuffer();
        format.Write(lines, record, DateTimeOffset.UnixEpoch);
        return lines.Written.ToArray();
    }
}
