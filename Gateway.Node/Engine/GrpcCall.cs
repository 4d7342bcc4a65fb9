using Gateway.Http;

namespace Gateway.Node.Engine;

/// <summary>What makes a request a gRPC call.</summary>
/// <param name="IsCall">False: it is none, and nothing else holds.</param>
/// <param name="Deadline">When the client gives it up, by the loop's clock in milliseconds; 0: it does not say.</param>
internal readonly record struct GrpcCall(bool IsCall, long Deadline)
{
    /// <summary>Reads it out of a request's head. False: the deadline is malformed.</summary>
    public static bool TryRead(RequestHead request, ReadOnlySpan<byte> head, long now, out GrpcCall call)
    {
        call = default;
        if (!GrpcFields.IsCall(request, head))
        {
            return true;
        }

        var isValid = GrpcFields.TryReadTimeout(request, head, out var timeout);
        call = new(true, timeout is { } time ? now + (long)Math.Ceiling(time.TotalMilliseconds) : 0);
        return isValid;
    }

    /// <summary>Whether the client has given it up.</summary>
    public bool HasPassed(long now) => Deadline != 0 && now >= Deadline;
}
