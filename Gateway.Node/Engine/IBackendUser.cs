using Gateway.Core.Outcomes;
using Gateway.Http;

namespace Gateway.Node.Engine;

/// <summary>The user of a backend connection: a request, or the copy of one. Called on its loop's thread.</summary>
internal interface IBackendUser
{
    /// <summary>Called when the connection made for it is connected.</summary>
    void OnConnected();

    /// <summary>Called when connecting has failed.</summary>
    /// <param name="error">The system's error number, or <see cref="BackendConnection.ConnectTimedOut"/>.</param>
    void OnNotConnected(int error);

    /// <summary>Called when the buffered part of the request has been sent.</summary>
    void OnRequestDrained();

    /// <summary>Called with an interim answer. False if the connection is no longer needed.</summary>
    bool OnInterim(ResponseHead head, ReadOnlySpan<byte> bytes);

    /// <summary>Called with the head of the final answer, and perhaps some of its body.</summary>
    void OnHead(ResponseHead head, ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> rest);

    void OnAnswerBytes(ReadOnlySpan<byte> bytes);

    void OnMalformed(HttpFault fault);

    /// <summary>Called when the backend has closed the connection, or it broke.</summary>
    void OnBackendEnded(int error);

    /// <summary>Called when the stream has ended without a complete answer.</summary>
    /// <param name="fault">The kind of end, without what only this side knows.</param>
    void OnStreamEnded(in AttemptReport fault);

    /// <summary>Called when the deadline that it has set on the connection has passed.</summary>
    void OnBackendDeadline();
}
