
namespace Gateway.Node.Engine;

/// <summary>
/// An open WebSocket. Bytes pass unchanged until the process ends: then a close frame with code 1001, "going away", follows the last frame in both directions,
/// and nothing after it. In the middle of a frame none can be inserted, so that direction just ends.
/// </summary>
internal sealed class Tunnel
{
    private readonly FrameBoundary _toClient = new();
    private readonly FrameBoundary _toBackend = new();

    /// <summary>Whether this side has closed it: further data is dropped.</summary>
    public bool HasGoneAway { get; private set; }

    /// <summary>Unmasked, as servers send it: FIN and opcode 8, length 2, code 1001.</summary>
    private static ReadOnlySpan<byte> CloseToClient => [0x88, 0x02, 0x03, 0xe9];

    /// <summary>Masked, as required of clients; a zero mask leaves the code unchanged.</summary>
    private static ReadOnlySpan<byte> CloseToBackend => [0x88, 0x82, 0, 0, 0, 0, 0x03, 0xe9];

    public void FollowToClient(ReadOnlySpan<byte> bytes) => _toClient.Follow(bytes);

    public void FollowToBackend(ReadOnlySpan<byte> bytes) => _toBackend.Follow(bytes);

    /// <summary>Whether the backend's direction has ended as it should: this side has closed it, TLS announced the end, or a close frame came before it.</summary>
    public bool IsCompleteToClient(Wire.Channel backend) => HasGoneAway || !backend.IsCutShort || _toClient.IsClosed;

    /// <summary>The same for the client's direction.</summary>
    public bool IsCompleteToBackend(Wire.Channel client) => HasGoneAway || !client.IsCutShort || _toBackend.IsClosed;

    /// <summary>Closes both directions.</summary>
    public void GoAway(Wire.Channel client, Wire.Channel backend)
    {
        HasGoneAway = true;
        Close(client, _toClient, CloseToClient);
        Close(backend, _toBackend, CloseToBackend);
    }

    private static void Close(Wire.Channel channel, FrameBoundary last, ReadOnlySpan<byte> frame)
    {
        if (last is { IsBetweenFrames: true, IsClosed: false })
        {
            channel.Send(frame);
        }

        channel.EndSending();
    }
}
