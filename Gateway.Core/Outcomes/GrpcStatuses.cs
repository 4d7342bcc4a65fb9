using System.Collections.Immutable;

namespace Gateway.Core.Outcomes;

/// <summary>What gRPC statuses are called in the settings, and which of them stands for an HTTP status of the gateway's own.</summary>
public static class GrpcStatuses
{
    private static readonly ImmutableArray<string> Names =
    [
        "ok", "cancelled", "unknown", "invalid-argument", "deadline-exceeded", "not-found", "already-exists", "permission-denied", "resource-exhausted",
        "failed-precondition", "aborted", "out-of-range", "unimplemented", "internal", "unavailable", "data-loss", "unauthenticated",
    ];

    public static string NameOf(GrpcStatus status) => Names[(int)status];

    /// <summary>null: there is no such name.</summary>
    public static GrpcStatus? Named(string name) => Names.IndexOf(name) is >= 0 and var at ? (GrpcStatus)at : null;

    /// <summary>A number as it came; null: no gRPC status has it.</summary>
    public static GrpcStatus? Of(long number) => number >= 0 && number < Names.Length ? (GrpcStatus)number : null;

    /// <summary>
    /// The status of a call that the gateway answers by itself: the table that gRPC gives for answers without a status ("HTTP to gRPC Status Code Mapping"),
    /// and where the gateway knows more than that table the fitting one: 504 and 408 are times that ran out, 413 and 431 sizes, 405 and 501 as 404.
    /// </summary>
    /// <param name="status">The HTTP status that another client would get.</param>
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
