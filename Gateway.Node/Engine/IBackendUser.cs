using Gateway.Core.Outcomes;
using Gateway.Http;

namespace Gateway.Node.Engine;

/// <summary>Who a backend connection works for: a request, or the copy of one. Told what happens there by the thread of its loop.</summary>
internal interface IBackendUser
{
    /// <summary>The connection that was made for it is connected.</summary>
    void OnConnected();

    /// <summary>It did not come about.</summary>
    /// <param name="error">The system's number, or <see cref="BackendConnection.ConnectTimedOut"/>.</param>
    void OnNotConnected(int error);

    /// <summary>What was kept of the request has been sent.</summary>
    void OnRequestDrained();

    /// <summary>An interim answer has come. False: nothing further is wanted of the connection.</summary>
    bool OnInterim(ResponseHead head, ReadOnlySpan<byte> bytes);

    /// <summary>The head of the final answer has come, and perhaps some of its body.</summary>
    void OnHead(ResponseHead head, ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> rest);

    void OnAnswerBytes(ReadOnlySpan<byte> bytes);

    void OnMalformed(HttpFault fault);

    /// <summary>The backend has ended the connection, or it broke.</summary>
    void OnBackendEnded(int error);

    /// <summary>The stream has ended without a whole answer.</summary>
    /// <param name="fault">How, but for what this side knows.</param>
    void OnStreamEnded(in AttemptReport fault);

    /// <summary>The deadline that it has set on the connection has passed.</summary>
    void OnBackendDeadline();
}
