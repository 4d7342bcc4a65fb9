using System.Globalization;
using System.Text;
using Gateway.Core.Outcomes;
using Gateway.Http;
using Gateway.Node.Routing;
using Gateway.Node.State;
using Microsoft.AspNetCore.WebUtilities;

namespace Gateway.Node.Engine;

/// <summary>The gateway's own answers: problem documents, checks, and answers of routes without a backend.</summary>
internal sealed class OwnAnswers(ClientConnection client, ProxyLoop loop)
{
    /// <summary>
    /// Writes a problem document (RFC 9457) with a Proxy-Status field (RFC 9209); returns the length of its body. A gRPC call gets a gRPC status instead, as a
    /// trailers-only answer, with the status in its head.
    /// </summary>
    public int Problem(Problem problem, string gatewayId, bool isHead)
    {
        var isCall = client.Call.IsCall;
        var body = isCall ? [] : problem.ToJson();
        var fields = new StringBuilder(isCall
            ? string.Create(CultureInfo.InvariantCulture, $"Content-Type: application/grpc\r\nGrpc-Status: {(int)GrpcStatuses.OfHttp(problem.Status)}\r\nGrpc-Message: {GrpcFields.Encode(problem.Detail)}\r\n")
            : "Content-Type: application/problem+json\r\n");
        fields.Append(CultureInfo.InvariantCulture, $"Proxy-Status: {Engine.Problem.StatusField(gatewayId, problem.Error)}\r\n");
        if (problem.RetryAfterSeconds is { } seconds)
        {
            fields.Append(CultureInfo.InvariantCulture, $"Retry-After: {seconds}\r\n");
        }

        if (problem.Allow is { } methods)
        {
            fields.Append(CultureInfo.InvariantCulture, $"Allow: {methods}\r\n");
        }

        Send(isCall ? StatusCodes.Status200OK : problem.Status, fields.Append(problem.Fields).ToString(), body, isHead);
        return isHead ? 0 : body.Length;
    }

    /// <summary>Answers <c>/health</c> and <c>/ready</c>, which take no slot of the request limit.</summary>
    public bool TryCheck(RequestHead request, ReadOnlySpan<byte> head)
    {
        var path = PathOf(request, head);
        if (path.SequenceEqual("/health"u8))
        {
            SendCheck(StatusCodes.Status200OK, "{\"status\":\"alive\"}"u8, request);
            return true;
        }

        if (path.SequenceEqual("/ready"u8))
        {
            var (status, body) = ReadyAnswer.Of(loop.Context.State);
            SendCheck(status, body, request);
            return true;
        }

        return false;
    }

    /// <summary>Writes the answer of a route without a backend. Returns the status and the body's length.</summary>
    public (int Status, int Length) OfRoute(RouteActions actions, RequestRouter router, RequestHead request, ReadOnlySpan<byte> head)
    {
        var (status, type, body) = actions.Answer is { } answer ? (answer.Status, answer.ContentType, answer.Body) : (actions.Redirect!.Status, "", []);
        var fields = actions.Redirect is { } redirect ? $"Location: {router.LocationOf(redirect, request, head)}\r\n" : "";
        if (body.Length > 0 && actions.ResponseFields?.Drops("content-type"u8) != true)
        {
            fields += $"Content-Type: {type}\r\n";
        }

        fields += Encoding.ASCII.GetString(actions.ResponseFields is { } edit ? edit.Lines : []);
        Send(status, fields, body, request.Method == "HEAD");
        var length = request.Method == "HEAD" ? 0 : body.Length;
        Count(request, status, length);
        return (status, length);
    }

    /// <summary>Redirects a plain HTTP client to TLS, with the same method and body. Returns the length of the body.</summary>
    public int ToTls(string location, RequestHead request)
    {
        Send(StatusCodes.Status308PermanentRedirect, $"Location: {location}\r\n", [], isHead: false);
        Count(request, StatusCodes.Status308PermanentRedirect, 0);
        return 0;
    }

    /// <summary>Whether <see cref="TryCheck"/> answers a request.</summary>
    public static bool IsCheck(RequestHead request, ReadOnlySpan<byte> head) =>
        PathOf(request, head) is var path && (path.SequenceEqual("/health"u8) || path.SequenceEqual("/ready"u8));

    /// <summary>Answers requests that end here: those whose Max-Forwards is 0, and OPTIONS *. Returns the status and the body's length.</summary>
    public (int Status, int Length) LastStop(RequestHead request, string gatewayId)
    {
        const string Allow = "Allow: GET, HEAD, POST, PUT, DELETE, PATCH, OPTIONS\r\n";
        if (request.Method == "TRACE")
        {
            var problem = new Problem(StatusCodes.Status405MethodNotAllowed, null, "TRACE is not supported");
            var body = problem.ToJson();
            Send(problem.Status, $"{Allow}Content-Type: application/problem+json\r\nProxy-Status: {Engine.Problem.StatusField(gatewayId, null)}\r\n", body, false);
            Count(request, problem.Status, body.Length);
            return (problem.Status, body.Length);
        }

        Send(StatusCodes.Status200OK, Allow, [], isHead: false);
        Count(request, StatusCodes.Status200OK, 0);
        return (StatusCodes.Status200OK, 0);
    }

    private static ReadOnlySpan<byte> PathOf(RequestHead request, ReadOnlySpan<byte> head)
    {
        var target = head.Slice(request.TargetStart, request.TargetLength);
        var question = target.IndexOf((byte)'?');
        return question < 0 ? target : target[..question];
    }

    private void Count(RequestHead request, int status, int length)
    {
        loop.Context.Metrics.OfNone(null).Of(request.Method).Ended(status, TimeSpan.Zero, 0, length);
        client.Tally.Ended(TimeSpan.Zero, status);
    }

    private void SendCheck(int status, ReadOnlySpan<byte> body, RequestHead request) =>
        Send(status, "Content-Type: application/json\r\nCache-Control: no-store\r\n", body, request.Method == "HEAD");

    private void Send(int status, string fields, ReadOnlySpan<byte> body, bool isHead)
    {
        var to = new ByteWriter(loop.Scratch);
        to.Write("HTTP/1.1 "u8);
        to.Write(status);
        to.Write(" "u8);
        to.Write(ReasonPhrases.GetReasonPhrase(status));
        to.Write("\r\n"u8);
        if (status != StatusCodes.Status204NoContent)
        {
            to.Write("Content-Length: "u8);
            to.Write(body.Length);
            to.Write("\r\n"u8);
        }

        to.Write(fields);
        to.Write(loop.DateLine);
        if (!fields.Contains("Strict-Transport-Security:", StringComparison.OrdinalIgnoreCase))
        {
            to.Write(client.HstsLine); // Otherwise the route sets it.
        }

        client.EchoedId?.Write(ref to);
        if (client.ClosesAfterThis)
        {
            client.CloseAfterThis(); // As announced now, even if the drain is cancelled.
            to.Write("Connection: close\r\n"u8);
        }

        to.Write("\r\n"u8);
        if (!isHead)
        {
            to.Write(body);
        }

        client.Channel.Send(loop.Scratch.AsSpan(0, to.Length));
    }
}
