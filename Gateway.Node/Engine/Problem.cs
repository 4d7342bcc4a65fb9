using System.Text.Json;
using System.Text.Json.Serialization;
using Gateway.Core.Balancing;
using Gateway.Core.Outcomes;
using Microsoft.AspNetCore.WebUtilities;

namespace Gateway.Node.Engine;

/// <summary>An error answer of the gateway's own: a problem document (RFC 9457) and a Proxy-Status field (RFC 9209).</summary>
/// <param name="Status">The status.</param>
/// <param name="Error">The error type of RFC 9209; null if none fits.</param>
/// <param name="Detail">For people; reveals nothing internal to clients.</param>
/// <param name="RetryAfterSeconds">Sent as Retry-After.</param>
/// <param name="Allow">Sent as Allow.</param>
/// <param name="Fields">Further lines of the head, each with its end.</param>
/// <param name="Reason">The reason in the access log, if not <paramref name="Error"/>; from a fixed set.</param>
internal sealed record Problem(
    int Status, string? Error, string Detail, int? RetryAfterSeconds = null, string? Allow = null, string Fields = "", string? Reason = null)
{
    public static readonly Problem NoRoute = new(StatusCodes.Status404NotFound, "destination_not_found", "no route matches this request");

    public static readonly Problem NoConnect = new(StatusCodes.Status501NotImplemented, "http_request_error", "CONNECT is not supported");

    public static readonly Problem HostNotServed = new(
        StatusCodes.Status421MisdirectedRequest, "http_request_denied", "this host is not served here", Reason: "host-not-served");

    public static readonly Problem ClientDenied = new(StatusCodes.Status403Forbidden, "http_request_denied", "this client is not served", Reason: "client-denied");

    public static readonly Problem BadTarget = new(StatusCodes.Status400BadRequest, "http_request_error", "the request target is invalid");

    /// <summary>For a request that cannot be redirected to TLS.</summary>
    public static readonly Problem NoHost = new(StatusCodes.Status400BadRequest, "http_request_error", "the request has no host to redirect to over TLS");

    public static readonly Problem TooManyRequests = new(
        StatusCodes.Status503ServiceUnavailable, "connection_limit_reached", "the gateway has reached its limit of concurrent requests", 1);

    /// <summary>For a request beyond its pool's adaptive limit.</summary>
    public static readonly Problem Overloaded = new(
        StatusCodes.Status503ServiceUnavailable, "connection_limit_reached", "the backends are overloaded; try again later", 1, Reason: "overloaded");

    /// <summary>For a gRPC call without an answer at the end of the drain.</summary>
    public static readonly Problem Leaving = new(StatusCodes.Status503ServiceUnavailable, "connection_terminated", "the gateway is shutting down", Reason: "replica-leaves");

    public static readonly Problem BadGrpcTimeout = new(StatusCodes.Status400BadRequest, "http_request_error", "grpc-timeout must be one to eight digits and a unit");

    /// <summary>For a WebSocket that would go to an HTTP/2 backend.</summary>
    public static readonly Problem NoTunnel = new(
        StatusCodes.Status501NotImplemented, "http_request_error", "WebSockets to HTTP/2 backends are not supported", Reason: "no-tunnel");

    public static readonly Problem BodyTooLarge = new(
        StatusCodes.Status413PayloadTooLarge, "http_request_error", "the request body is larger than this route allows");

    /// <summary>For a request that matches a route except for its method.</summary>
    public static Problem MethodNotAllowed(IEnumerable<string> allowed) => new(
        StatusCodes.Status405MethodNotAllowed, "http_request_error", "no route allows this method here", Allow: string.Join(", ", allowed));

    /// <summary>For a request for which no endpoint could be picked.</summary>
    public static Problem Of(PickKind pick) => pick == PickKind.Saturated
        ? new(StatusCodes.Status503ServiceUnavailable, "connection_limit_reached", "every available backend has reached its limit of concurrent requests", 1)
        : new(StatusCodes.Status503ServiceUnavailable, "destination_unavailable", "no backend is available", 1);

    /// <summary>For a request whose last attempt brought no answer.</summary>
    public static Problem Of(in AttemptReport report) => report.End switch
    {
        AttemptEnd.Saturated => Of(PickKind.Saturated),
        AttemptEnd.NotConnected when report.Tls => BadGateway("tls_protocol_error", "the TLS handshake with the backend failed"),
        AttemptEnd.NotConnected => BadGateway("connection_refused", "cannot connect to the backend"),
        AttemptEnd.Unprocessed => BadGateway("connection_terminated", "the backend refused the request before processing it"),
        AttemptEnd.Malformed => BadGateway("http_protocol_error", "the backend's answer is not valid HTTP"),
        AttemptEnd.DeadlinePassed => new(StatusCodes.Status504GatewayTimeout, "http_response_timeout", "the deadline of the call has passed", Reason: "deadline"),
        AttemptEnd.TryTimeout or AttemptEnd.RequestTimeout
            => new(StatusCodes.Status504GatewayTimeout, "http_response_timeout", "the backend did not answer in time"),
        AttemptEnd.BodyAbandoned => Leaving,
        AttemptEnd.BadRequestBody => new(
            report.Status is >= 400 and < 500 ? report.Status : StatusCodes.Status400BadRequest, "http_request_error",
            string.IsNullOrEmpty(report.Detail) ? "the request body is invalid or did not arrive" : report.Detail),
        _ => BadGateway("connection_terminated", "the backend closed the connection before its answer was complete"),
    };

    /// <summary>The message of a gRPC call that ends after its answer has begun.</summary>
    public static string MessageOf(GrpcStatus status) => status == GrpcStatus.DeadlineExceeded
        ? "the deadline of the call has passed"
        : "the backend, or the gateway, ended the call before its answer was complete";

    /// <summary>The value of Proxy-Status.</summary>
    /// <param name="error">The error type of RFC 9209; null if none fits.</param>
    public static string StatusField(string gatewayId, string? error) => error is null ? Quote(gatewayId) : $"{Quote(gatewayId)}; error={error}";

    /// <summary>The document (RFC 9457).</summary>
    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(
        new ProblemBody("about:blank", ReasonPhrases.GetReasonPhrase(Status), Status, Detail), ProblemJson.Default.ProblemBody);

    private static Problem BadGateway(string error, string detail) => new(StatusCodes.Status502BadGateway, error, detail);

    private static string Quote(string name) =>
        $"\"{name.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}

internal sealed record ProblemBody(string Type, string Title, int Status, string Detail);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ProblemBody))]
internal sealed partial class ProblemJson : JsonSerializerContext;
