using System.Globalization;
using System.Text;
using Gateway.Tests.EndToEnd.Backends;

namespace Gateway.Tests.Conformance;

/// <summary>Reads the body of an answer in parts, while it arrives.</summary>
internal sealed class BodyReader
{
    private readonly RawClient _client;
    private readonly bool _chunked;
    private int _leftOfChunk;

    public BodyReader(RawClient client, bool chunked, RawHead head)
    {
        Assert.Equal(chunked ? "chunked" : null, head.Value("Transfer-Encoding"));
        _client = client;
        _chunked = chunked;
    }

    /// <summary>Reads that many bytes of the body, without framing.</summary>
    public async Task<byte[]> ReadAsync(int count)
    {
        if (!_chunked)
        {
            return await _client.ReadBytesAsync(count);
        }

        var body = new List<byte>(count);
        while (body.Count < count)
        {
            _leftOfChunk = _leftOfChunk > 0 ? _leftOfChunk : await ReadSizeAsync();
            var part = await _client.ReadBytesAsync(Math.Min(_leftOfChunk, count - body.Count));
            Assert.NotEmpty(part);
            body.AddRange(part);
            _leftOfChunk -= part.Length;
            if (_leftOfChunk == 0)
            {
                Assert.Equal("\r\n"u8.ToArray(), await _client.ReadBytesAsync(2));
            }
        }

        return [.. body];
    }

    /// <summary>Reads the end after the last byte of the body.</summary>
    public async Task ReadEndAsync()
    {
        if (_chunked)
        {
            Assert.Equal(0, await ReadSizeAsync());
            Assert.Equal("\r\n"u8.ToArray(), await _client.ReadBytesAsync(2));
        }
    }

    private async Task<int> ReadSizeAsync()
    {
        var line = new StringBuilder();
        while (line is not [.., '\n'])
        {
            line.Append((char)Assert.Single(await _client.ReadBytesAsync(1)));
        }

        return int.Parse(line.ToString().TrimEnd(), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
    }
}
