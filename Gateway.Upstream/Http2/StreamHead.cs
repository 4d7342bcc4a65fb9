using System.Globalization;
using System.Net;
using System.Text;
using Gateway.Core.Addressing;
using BodyReader = Gateway.Http.BodyReader;
using HttpLimits = Gateway.Http.HttpLimits;

namespace Gateway.Upstream.Http2;

/// <summary>
/// The head of a request, parsed from the HTTP/1.1 bytes that the gateway wrote for a backend, and converted to an HTTP/2 request. Those bytes are well
/// formed, and fields that must not reach the backend are already removed, except those without a meaning in HTTP/2.
/// </summary>
internal sealed class StreamHead
{
    private static readonly UriCreationOptions Verbatim = new() { DangerousDisablePathAndQueryCanonicalization = true };

    /// <summary>The gateway applied its configured limits when it wrote the head.</summary>
    private static readonly HttpLimits Limits = HttpLimits.Default with { MaxFields = int.MaxValue };

    private readonly List<(string Name, string Value)> _fields = [];
    private readonly string _method;
    private readonly string _target;
    private string? _host;

    /// <param name="head">The first line and the fields, with the empty line.</param>
    public StreamHead(ReadOnlySpan<byte> head)
    {
        var text = Encoding.Latin1.GetString(head).AsSpan();
        var line = Next(ref text);
        var (method, target) = (line.IndexOf(' '), line.LastIndexOf(' '));
        (_method, _target) = (line[..method].ToString(), line[(method + 1)..target].ToString());
        for (line = Next(ref text); !line.IsEmpty; line = Next(ref text))
        {
            var colon = line.IndexOf(':');
            Take(line[..colon].ToString(), line[(colon + 1)..].Trim(" \t").ToString());
        }
    }

    public string Method => _method;

    /// <summary>The framing of the body after the head.</summary>
    public BodyReader Body { get; private set; } = BodyReader.None;

    /// <summary>Whether the client waits for 100 (Continue) before the body.</summary>
    public bool ExpectsContinue { get; private set; }

    /// <summary>Creates the request, without its options.</summary>
    /// <param name="content">Its body; null for none, which ends the stream with the head.</param>
    public HttpRequestMessage RequestTo(EndpointAddress endpoint, HttpContent? content)
    {
        var request = new HttpRequestMessage(new HttpMethod(_method), new Uri(endpoint.Canonical + _target, Verbatim))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = content,
        };
        request.Headers.Host = _host;
        foreach (var (name, value) in _fields)
        {
            if (request.Headers.TryAddWithoutValidation(name, value) || (request.Content is null && HopByHop.IsFraming(name)))
            {
                continue; // Without a body the stream ends with the head, so its length need not be stated.
            }

            request.Content ??= new NoContent(); // The client's content fields are passed on even without a body.
            request.Content.Headers.TryAddWithoutValidation(name, value);
        }

        return request;
    }

    private static ReadOnlySpan<char> Next(ref ReadOnlySpan<char> text)
    {
        var end = text.IndexOf("\r\n");
        var line = text[..end];
        text = text[(end + 2)..];
        return line;
    }

    private void Take(string name, string value)
    {
        if (Is(name, "Host"))
        {
            _host = value;
        }
        else if (Is(name, "Expect"))
        {
            ExpectsContinue = true;
        }
        else if (Is(name, "Transfer-Encoding"))
        {
            Body = BodyReader.Chunked(Limits);
        }
        else if (!HopByHop.Contains(name) || Is(name, "TE"))
        {
            if (HopByHop.IsFraming(name))
            {
                Body = BodyReader.OfLength(long.Parse(value, CultureInfo.InvariantCulture));
            }

            _fields.Add((name, value));
        }
    }

    private static bool Is(string name, string wanted) => name.Equals(wanted, StringComparison.OrdinalIgnoreCase);
}
