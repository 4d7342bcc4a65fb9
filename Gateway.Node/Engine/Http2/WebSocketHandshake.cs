using System.Security.Cryptography;
using System.Text;
using Gateway.Http;

namespace Gateway.Node.Engine.Http2;

/// <summary>The opening handshake of a WebSocket over an HTTP/2 stream (RFC 8441), with the key and answer of HTTP/1.1 (RFC 6455 4).</summary>
internal static class WebSocketHandshake
{
    private const int KeyLength = 16;

    /// <summary>RFC 6455 1.3.</summary>
    private const string Suffix = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    public static readonly Problem NoWebSocket = new(StatusCodes.Status502BadGateway, "http_protocol_error", "the backend's answer is not valid for a WebSocket handshake");

    public static readonly Problem OtherProtocol = new(StatusCodes.Status501NotImplemented, null, "extended CONNECT supports only websocket");

    public static ReadOnlySpan<byte> AcceptName => "sec-websocket-accept"u8;

    public static string NewKey()
    {
        Span<byte> random = stackalloc byte[KeyLength];
        RandomNumberGenerator.Fill(random);
        return Convert.ToBase64String(random);
    }

    /// <summary>Computes the required <c>Sec-WebSocket-Accept</c>.</summary>
    public static string AcceptOf(string key)
    {
#pragma warning disable CA5350 // Required by the protocol; not used for security.
        return Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(key + Suffix)));
#pragma warning restore CA5350
    }

    /// <summary>
    /// Whether an answer must not reach the client, which takes any success for the tunnel: a switch with a wrong key, or a success without a switch.
    /// </summary>
    public static bool IsInvalidAnswer(ResponseHead head, ReadOnlySpan<byte> bytes, string accept, out bool hasSwitched)
    {
        hasSwitched = false;
        if (head.Status != StatusCodes.Status101SwitchingProtocols)
        {
            return head.Status < StatusCodes.Status300MultipleChoices;
        }

        foreach (ref readonly var field in head.Fields.All)
        {
            if (Ascii.EqualsIgnoreCase(field.NameIn(bytes), AcceptName))
            {
                hasSwitched = Ascii.Equals(field.ValueIn(bytes), accept);
            }
        }

        return !hasSwitched;
    }
}
