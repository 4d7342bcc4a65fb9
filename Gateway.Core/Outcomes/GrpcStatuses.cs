namespace Gateway.Core.Outcomes;

/// <summary>The names of gRPC statuses in the settings, and their mapping from the gateway's own HTTP statuses.</summary>
public static class GrpcStatuses
{
    public static string NameOf(GrpcStatus status) => status switch
    {
        GrpcStatus.Ok => "ok",
        GrpcStatus.Cancelled => "cancelled",
        GrpcStatus.Unknown => "unknown",
        GrpcStatus.InvalidArgument => "invalid-argument",
        GrpcStatus.DeadlineExceeded => "deadline-exceeded",
        GrpcStatus.NotFound => "not-found",
        GrpcStatus.AlreadyExists => "already-exists",
        GrpcStatus.PermissionDenied => "permission-denied",
        GrpcStatus.ResourceExhausted => "resource-exhausted",
        GrpcStatus.FailedPrecondition => "failed-precondition",
        GrpcStatus.Aborted => "aborted",
        GrpcStatus.OutOfRange => "out-of-range",
        GrpcStatus.Unimplemented => "unimplemented",
        GrpcStatus.Internal => "internal",
        GrpcStatus.Unavailable => "unavailable",
        GrpcStatus.DataLoss => "data-loss",
        GrpcStatus.Unauthenticated => "unauthenticated",
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, "must be 0 to 16"),
    };

    /// <summary>Returns the status with a name; null if there is none.</summary>
    public static GrpcStatus? Named(string name)
    {
        for (var status = GrpcStatus.Ok; status <= GrpcStatus.Unauthenticated; status++)
        {
            if (NameOf(status) == name)
            {
                return status;
            }
        }

        return null;
    }

    /// <summary>Returns the status with a number; null if there is none.</summary>
    public static GrpcStatus? Of(long number) => number is >= 0 and <= (long)GrpcStatus.Unauthenticated ? (GrpcStatus)number : null;

    /// <summary>
    /// Returns the gRPC status for an answer of the gateway's own: by gRPC's table for answers without a status ("HTTP to gRPC Status Code Mapping"),
    /// except where the gateway knows better: 504 and 408 are timeouts, 413 and 431 sizes, 405 and 501 map like 404.
    /// </summary>
    /// <param name="status">The HTTP status that a non-gRPC client would get.</param>
    public static GrpcStatus OfHttp(int status) => status switch
    {
        400 => GrpcStatus.Internal,
        401 => GrpcStatus.Unauthenticated,
        403 => GrpcStatus.PermissionDenied,
        404 or 405 or 421 or 501 => GrpcStatus.Unimplemented,
        408 or 504 => GrpcStatus.DeadlineExceeded,
        413 or 431 => GrpcStatus.ResourceExhausted,
        429 or 502 or 503 => GrpcStatus.Unavailable,
        _ => GrpcStatus.Unknown,
    };
}
