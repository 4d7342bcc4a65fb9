using System.Collections.Immutable;

namespace Gateway.Core.Outcomes;

/// <summary>The names of gRPC statuses in the settings, and their mapping from the gateway's own HTTP statuses.</summary>
public static class GrpcStatuses
{
    private static readonly ImmutableArray<string> Names =
    [
        "ok", "cancelled", "unknown", "invalid-argument", "deadline-exceeded", "not-found", "already-exists", "permission-denied", "resource-exhausted",
        "failed-precondition", "aborted", "out-of-range", "unimplemented", "internal", "unavailable", "data-loss", "unauthenticated",
    ];

    public static string NameOf(GrpcStatus status) => Names[(int)status];

    /// <summary>Returns the status with a name; null if there is none.</summary>
    public static GrpcStatus? Named(string name) => Names.IndexOf(name) is >= 0 and var at ? (GrpcStatus)at : null;

    /// <summary>Returns the status with a number; null if there is none.</summary>
    public static GrpcStatus? Of(long number) => number >= 0 && number < Names.Length ? (GrpcStatus)number : null;

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
