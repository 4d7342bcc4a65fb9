using Gateway.Http;

namespace Gateway.Node.Engine;

/// <summary>The gRPC properties of a request.</summary>
/// <param name="IsCall">Whether it is a gRPC call; if not, nothing else applies.</param>
/// <param name="Deadline">The client's deadline by the loop's clock, in milliseconds; 0: none.</param>
internal readonly record struct GrpcCall(bool IsCall, long Deadline)
{
    /// <summary>Reads it from a request's head. False if the deadline is malformed.</summary>
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

    /// <summary>Whether the client's deadline has passed.</summary>
    public bool HasPassed(long now) => Deadline != 0 && now >= Deadline;
}
