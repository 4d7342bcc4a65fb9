using System.Text;
using Gateway.Core.Analytics;
using Gateway.Http;
using Gateway.Node.Recording;
using Gateway.Node.Settings;

namespace Gateway.Node.Engine;

/// <summary>Records requests that need no exchange, and begins the records of those that do.</summary>
internal sealed partial class ClientConnection
{
    private AccessRecord? _record;

    /// <summary>The current request's place in its trace; null if not traced.</summary>
    public RequestTrace? Trace { get; private set; }

    /// <summary>The counters of the current request's route.</summary>
    public LoopTally Tally { get; private set; }

    private void BeginTrace(RequestHead request, ReadOnlySpan<byte> head)
    {
        if (_loop.Context.Recording.Tracing is { } options)
        {
            (Trace ??= new(options)).Begin(request, head, Address);
        }
    }

    /// <summary>Records the contents of the head.</summary>
    private void BeginRecord(RequestHead request, ReadOnlySpan<byte> head, GatewaySettings settings)
    {
        if (_loop.Access is not { } lane)
        {
            return;
        }

        var record = lane.Rent();
        record.Begin(_loop.Wire.Timestamp, Address.ClientOf(request, head, settings.TrustedProxies), Address.Scheme, Address.Tls);
        (record.ClientSubject, record.ClientFingerprint) = (Address.Certificate?.Subject, Address.Certificate?.Fingerprint);
        record.Method = request.Method;
        record.Protocol = Address.IsHttp2 ? "HTTP/2" : request.IsHttp11 ? "HTTP/1.1" : "HTTP/1.0";
        record.Target = record.Keep(head.Slice(request.TargetStart, request.TargetLength), AccessRecord.MaxTargetLength);
        record.Host = request.Fields.Host >= 0 ? record.Keep(request.Fields.All[request.Fields.Host].ValueIn(head)) : default;
        record.Id = Id is { } id ? record.Keep(id.Text) : default;
        if (Trace is { } trace)
        {
            record.Trace = record.Keep(trace.TraceId);
        }
        else if (request.Fields.IndexOf(FieldName.TraceParent) is >= 0 and var i && request.Fields.All[i].ValueIn(head) is var parent && TraceParent.IsValid(parent))
        {
            record.Trace = record.Keep(TraceParent.TraceIdIn(parent));
        }

        RecordFields(record, lane.Policy, request, head);
        _record = record;
    }

    private static void RecordFields(AccessRecord record, AccessPolicy policy, RequestHead request, ReadOnlySpan<byte> head)
    {
        for (var i = 0; i < policy.Fields.Length; i++)
        {
            var name = policy.Fields[i];
            foreach (ref readonly var field in request.Fields.All)
            {
                if (field.NameLength == name.Length && Ascii.EqualsIgnoreCase(field.NameIn(head), name))
                {
                    record.Fields[i] = record.Keep(field.ValueIn(head));
                    break;
                }
            }
        }
    }

    private void RecordRoute(in RoutingResult routed)
    {
        Tally = _loop.Routes.Of(routed.Route);
        var route = routed.Route?.Settings.Name;
        Trace?.Route(route, routed.Pool?.Name);
        if (_loop.Router.Plane != HttpcgPlane.None)
        {
            RecordUrl();
        }

        if (_record is { } record)
        {
            (record.Route, record.Pool) = (route, routed.Pool?.Name);
        }
    }

    /// <summary>Records an httpcg URL in one form, wherever in the request it was.</summary>
    private void RecordUrl()
    {
        Trace?.Retarget(_loop.Router.Written);
        if (_record is { } record)
        {
            record.Target = record.Keep(_loop.Scratch.AsSpan(0, _loop.Router.WriteUrl(_loop.Scratch)), AccessRecord.MaxTargetLength);
        }
    }

    /// <summary>Passes the record to the request's exchange.</summary>
    private AccessRecord? TakeRecord()
    {
        var record = _record;
        _record = null;
        return record;
    }

    private void RecordProblem(Problem problem, int length)
    {
        Trace?.End(problem.Status, 0, length, problem.Status >= StatusCodes.Status500InternalServerError ? problem.Error : null);
        if (TakeRecord() is { } record)
        {
            record.Refused(problem.Status, problem.Reason ?? problem.Error);
            EndRecord(record, problem.Status, length);
        }
    }

    private void RecordAnswered(int status, int length)
    {
        Trace?.End(status, 0, length, null);
        if (TakeRecord() is { } record)
        {
            record.AnsweredHere();
            EndRecord(record, status, length);
        }
    }

    /// <summary>Records an invalid request, by its first line as received.</summary>
    private void RecordRefused(int status, int length, string reason, ReadOnlySpan<byte> bytes)
    {
        if (_loop.Access is { } lane)
        {
            var record = lane.Rent();
            record.Begin(_loop.Wire.Timestamp, Address.Peer, Address.Scheme, Address.Tls);
            var end = bytes.IndexOfAny((byte)'\r', (byte)'\n');
            record.Target = record.Keep(end < 0 ? bytes : bytes[..end]);
            record.Refused(status, reason);
            EndRecord(record, status, length);
        }
    }

    private void EndRecord(AccessRecord record, int status, int length)
    {
        record.Over(status, 0, length, _loop.Wire.Timestamp);
        _loop.Access!.End(record, RequestRandom.NextUnit());
    }
}
