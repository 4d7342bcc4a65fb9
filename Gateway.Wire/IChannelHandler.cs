namespace Gateway.Wire;

/// <summary>
/// Who is told what happens on a channel, always by the thread of its loop. No call is made from within another call to the channel, and none after
/// <see cref="Channel.Close"/> or <see cref="OnClosed"/>.
/// </summary>
public interface IChannelHandler
{
    /// <summary>A channel that connects is connected.</summary>
    void OnConnected();

    /// <summary>Bytes have come.</summary>
    /// <param name="bytes">Valid during the call only.</param>
    void OnReceived(ReadOnlySpan<byte> bytes);

    /// <summary>All that could not be sent at once has been sent.</summary>
    void OnDrained();

    /// <summary>The peer sends no more; what is sent to it may still arrive.</summary>
    void OnEnd();

    /// <summary>The channel did not come about, or is broken.</summary>
    /// <param name="error">The system's error number; 0 when the peer closed without one.</param>
    void OnClosed(int error);

    /// <summary>The deadline that was set has passed. It is no longer set.</summary>
    void OnDeadline();
}
