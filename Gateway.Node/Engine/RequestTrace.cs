using System.Diagnostics;
using System.Globalization;
using System.Text;
using Gateway.Core.Cells;
using Gateway.Core.Outcomes;
using Gateway.Http;
using Gateway.Node.Tracing;

namespace Gateway.Node.Engine;

/// <summary>
/// The place of a connection's current request in its trace (W3C Trace Context): the <c>traceparent</c> for its backend and, if it is sampled, its spans: one
/// of the request and one of each attempt, named by OpenTelemetry's HTTP conventions. One per client connection, reused for its requests; a request that is not
/// sampled allocates nothing.
/// </summary>
internal sealed class RequestTrace(TraceRule options)
{
    private const int SpanIdStart = 36;
    private const int FlagsEnd = TraceParent.Length - 1;

    /// <summary>The longest target that is recorded, in bytes.</summary>
    private const int MaxTargetLength = 4096;

    private readonly byte[] _value = Encoding.ASCII.GetBytes("00-00000000000000000000000000000000-0000000000000000-00");
    private Activity? _request;
    private Activity? _attempt;
    private int _attempts;
    private string _target = "";

    /// <summary>The trace's id, as hexadecimal digits.</summary>
    public ReadOnlySpan<byte> TraceId => TraceParent.TraceIdIn(_value);

    /// <summary>Whether the trace begins here, so that the client's <c>tracestate</c> is not passed on.</summary>
    public bool IsNew { get; private set; }

    /// <summary>Begins a request: continues the trace of a valid <c>traceparent</c>, or begins one.</summary>
    public void Begin(RequestHead request, ReadOnlySpan<byte> head, ClientAddress client)
    {
        (_request, _attempt, _attempts) = (null, null, 0);
        var parent = ParentIn(request, head);
        IsNew = parent.IsEmpty;
        var isSampled = !IsNew && options.FollowParent ? TraceParent.IsSampled(parent) : RequestRandom.NextUnit() < options.Sample;
        if (IsNew)
        {
            WriteId(3);
            WriteId(3 + 16);
        }
        else
        {
            TraceParent.TraceIdIn(parent).CopyTo(_value.AsSpan(3));
        }

        _value[FlagsEnd] = isSampled ? (byte)'1' : (byte)'0';
        if (isSampled)
        {
            BeginSpan(parent, request, head, client);
        }
    }

    /// <summary>Records the route and pool of the request.</summary>
    public void Route(string? route, string? pool) => _request?.SetTag("gateway.route", route).SetTag("gateway.pool", pool);

    /// <summary>Replaces the path and query of the request's URL.</summary>
    public void Retarget(ReadOnlySpan<byte> pathAndQuery)
    {
        if (_request is { } span)
        {
            TakeTarget(span, pathAndQuery);
        }
    }

    /// <summary>Begins the span of an attempt.</summary>
    public void BeginAttempt(EndpointCell endpoint)
    {
        _attempts++;
        if (_request is not { } request || options.Spans.Begin(request.DisplayName, ActivityKind.Client, request.Context) is not { } span)
        {
            WriteId(SpanIdStart);
            return;
        }

        _attempt = span;
        Encoding.ASCII.GetBytes(span.SpanId.ToHexString(), _value.AsSpan(SpanIdStart));
        var address = endpoint.Id.Address;
        span.SetTag("http.request.method", request.GetTagItem("http.request.method"));
        span.SetTag("server.address", address.Host);
        span.SetTag("server.port", address.Port);
        span.SetTag("url.full", address.Canonical + _target);
        if (_attempts > 1)
        {
            span.SetTag("http.request.resend_count", _attempts - 1);
        }
    }

    /// <summary>Begins a copy of the request: it belongs to the request, and has no span of its own.</summary>
    public void BeginCopy()
    {
        if (_request is { } request)
        {
            Encoding.ASCII.GetBytes(request.SpanId.ToHexString(), _value.AsSpan(SpanIdStart));
        }
        else
        {
            WriteId(SpanIdStart);
        }
    }

    /// <summary>Ends the span of the attempt.</summary>
    /// <param name="status">The status of its answer; 0: none.</param>
    public void EndAttempt(AttemptEnd end, int status)
    {
        if (_attempt is not { } span)
        {
            return;
        }

        _attempt = null;
        if (status != 0)
        {
            span.SetTag("http.response.status_code", status);
        }

        if (end is not (AttemptEnd.Answered or AttemptEnd.Discarded))
        {
            Fail(span, end.ToString());
        }
        else if (status >= StatusCodes.Status400BadRequest)
        {
            Fail(span, status.ToString(CultureInfo.InvariantCulture));
        }

        span.Stop();
    }

    /// <summary>Ends the request.</summary>
    /// <param name="failure">Why it was not answered properly; null: see the status.</param>
    public void End(int status, long bytesIn, long bytesOut, string? failure)
    {
        if (_request is not { } span)
        {
            return;
        }

        _request = null;
        span.SetTag("http.response.status_code", status);
        span.SetTag("http.request.body.size", bytesIn);
        span.SetTag("http.response.body.size", bytesOut);
        if (status >= StatusCodes.Status500InternalServerError || failure is not null)
        {
            Fail(span, failure ?? status.ToString(CultureInfo.InvariantCulture));
        }

        span.Stop();
    }

    /// <summary>Writes the field's line, the last of its head, so that each attempt's value can be written over it.</summary>
    public void Write(ref ByteWriter to)
    {
        to.Write("traceparent: "u8);
        to.Write(_value);
        to.Write("\r\n"u8);
    }

    /// <summary>Writes the value into a head that was written for an earlier attempt.</summary>
    public void WriteAgain(Span<byte> head) => _value.CopyTo(head[^(TraceParent.Length + 4)..]);

    private static void Fail(Activity span, string type) => span.SetTag("error.type", type).SetStatus(ActivityStatusCode.Error);

    /// <summary>The one valid <c>traceparent</c>; empty: none.</summary>
    private static ReadOnlySpan<byte> ParentIn(RequestHead request, ReadOnlySpan<byte> head)
    {
        ReadOnlySpan<byte> found = [];
        if (request.Fields.Has(FieldName.TraceParent))
        {
            foreach (ref readonly var field in request.Fields.All)
            {
                if (field.Name != FieldName.TraceParent || field.IsDropped)
                {
                    continue;
                }

                if (!found.IsEmpty || !TraceParent.IsValid(field.ValueIn(head)))
                {
                    return [];
                }

                found = field.ValueIn(head);
            }
        }

        return found;
    }

    private void BeginSpan(ReadOnlySpan<byte> parent, RequestHead request, ReadOnlySpan<byte> head, ClientAddress client)
    {
        var isKnown = Metrics.MethodLabel.Name(Metrics.MethodLabel.IndexOf(request.Method)) is var method && method == request.Method;
        var context = IsNew
            ? default
            : new ActivityContext(
                ActivityTraceId.CreateFromUtf8String(TraceId), ActivitySpanId.CreateFromUtf8String(TraceParent.SpanIdIn(parent)), ActivityTraceFlags.Recorded,
                StateIn(request, head), isRemote: true);
        var span = options.Spans.Begin(isKnown ? method : "HTTP", ActivityKind.Server, context);
        if (span is null)
        {
            return; // Nothing listens any more.
        }

        _request = span;
        Encoding.ASCII.GetBytes(span.TraceId.ToHexString(), _value.AsSpan(3));
        span.SetTag("http.request.method", isKnown ? method : "_OTHER");
        span.SetTag("http.request.method_original", isKnown ? null : request.Method);
        span.SetTag("url.scheme", client.Scheme);
        TakeTarget(span, head.Slice(request.TargetStart, request.TargetLength));
        span.SetTag("client.address", client.Peer.ToString());
        span.SetTag("network.protocol.name", "http");
        span.SetTag("network.protocol.version", client.IsHttp2 ? "2" : request.IsHttp11 ? "1.1" : "1.0");
    }

    private void TakeTarget(Activity span, ReadOnlySpan<byte> target)
    {
        var text = _target = Encoding.Latin1.GetString(target[..Math.Min(target.Length, MaxTargetLength)]);
        var question = text.IndexOf('?', StringComparison.Ordinal);
        span.SetTag("url.path", question < 0 ? text : text[..question]);
        span.SetTag("url.query", question < 0 ? null : text[(question + 1)..]);
    }

    /// <summary>The <c>tracestate</c> of the request; null: none.</summary>
    private static string? StateIn(RequestHead request, ReadOnlySpan<byte> head)
    {
        string? state = null;
        foreach (ref readonly var field in request.Fields.All)
        {
            if (field.Name == FieldName.TraceState && !field.IsDropped)
            {
                var value = Encoding.Latin1.GetString(field.ValueIn(head));
                state = state is null ? value : $"{state},{value}";
            }
        }

        return state;
    }

    /// <summary>Writes sixteen random hexadecimal digits, not all of them 0.</summary>
    private void WriteId(int start) => (RequestRandom.Next() | 1).TryFormat(_value.AsSpan(start), out _, "x16", CultureInfo.InvariantCulture);
}
