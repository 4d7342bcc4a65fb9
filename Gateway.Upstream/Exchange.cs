using Gateway.Core.Pools;
using Microsoft.AspNetCore.Http;

namespace Gateway.Upstream;

/// <summary>One client request while it is being proxied: what every attempt of it needs.</summary>
public sealed class Exchange
{
    public required HttpContext Context { get; init; }

    /// <summary>The target to send, path and query, exactly as it was routed; <c>*</c> for OPTIONS on the server.</summary>
    public required string Target { get; init; }

    /// <summary>The pool's settings, read once so that a reload does not change them half-way.</summary>
    public required PoolSettings Pool { get; init; }

    /// <summary>The number of these settings: what was begun under older ones does not bring them back.</summary>
    public long Edition { get; init; }

    /// <summary>The fields that this gateway adds to requests and answers.</summary>
    public required ForwardedFields Fields { get; init; }

    public required IAnswerGate Gate { get; init; }

    /// <summary>Cancelled when the client has left.</summary>
    public required CancellationToken ClientGone { get; init; }

    /// <summary>When the request's head had come, by the monotonic clock.</summary>
    public required TimeSpan Begun { get; init; }

    /// <summary>When the request timeout ends, by the monotonic clock.</summary>
    public required TimeSpan Deadline { get; init; }

    /// <summary>Whether the attempt may use no kept-alive connection: the one before died on such a one.</summary>
    public bool NeedsNewConnection { get; set; }

    /// <summary>How long the attempt waited because every connection of its endpoint was busy: a time that says nothing about the endpoint.</summary>
    public TimeSpan Queued { get; set; }

    /// <summary>The request's body as it can be sent again; null when there is none.</summary>
    public RequestBody? Body { get; init; }

    /// <summary>
    /// Asks the gate about a head. Where the body is still being read, nothing is taken of it until the gate has decided, nor after it has given the
    /// answer up: what is kept of the body now is what the next attempt begins with.
    /// </summary>
    internal bool PassOn(in AnswerHead head, bool bodyIsRead)
    {
        if (!bodyIsRead)
        {
            return Gate.PassOn(head);
        }

        var goesOn = false;
        Body!.Hold();
        try
        {
            goesOn = Gate.PassOn(head);
        }
        finally
        {
            if (goesOn)
            {
                Body.LetGo();
            }
            else
            {
                Body.Stop();
            }
        }

        return goesOn;
    }
}
