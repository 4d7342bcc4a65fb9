namespace Gateway.Wire;

/// <summary>
/// Receives the events of a channel, always on its loop's thread. No call is made from within another call to the channel, and none after
/// <see cref="Channel.Close"/> or <see cref="OnClosed"/>.
/// </summary>
public interface IChannelHandler
{
    /// <summary>Called when the channel has connected.</summary>
    void OnConnected();

    /// <summary>Called when bytes have arrived.</summary>
    /// <param name="bytes">Valid during the call only.</param>
    void OnReceived(ReadOnlySpan<byte> bytes);

    /// <summary>Called when all buffered bytes have been sent.</summary>
    void OnDrained();

    /// <summary>Called when the peer has ended its sending; bytes sent to it may still arrive.</summary>
    void OnEnd();

    /// <summary>Called when the connect failed, or the channel is broken.</summary>
    /// <param name="error">The system's error number; 0 if the peer closed without one.</param>
    void OnClosed(int error);

    /// <summary>Called when the deadline has passed, and is cleared.</summary>
    void OnDeadline();
}
