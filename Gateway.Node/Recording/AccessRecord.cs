using System.Net;
using Gateway.Core.Outcomes;

namespace Gateway.Node.Recording;

/// <summary>
/// The record of one request: filled on its loop, read after that, then reused. The client's texts are kept as received bytes, cut at their limits. Timestamps
/// are the clock's; 0: not reached.
/// </summary>
internal sealed class AccessRecord(int fields)
{
    /// <summary>Further attempts are counted but not recorded.</summary>
    public const int MaxAttempts = 8;

    /// <summary>The longest target kept, in bytes.</summary>
    public const int MaxTargetLength = 4096;

    /// <summary>The longest of the other texts, in bytes.</summary>
    public const int MaxTextLength = 1024;

    private const int UsualText = 512;

    /// <summary>The place of a field that the request lacks.</summary>
    private static readonly TextPlace Nothing = new(-1, 0);

    private readonly AttemptRecord[] _attempts = new AttemptRecord[MaxAttempts];
    private byte[] _text = new byte[UsualText];
    private int _length;

    public long Begun { get; private set; }

    /// <summary>When the first endpoint was picked.</summary>
    public long Picked { get; set; }

    public long Ended { get; private set; }

    public IPAddress Client { get; private set; } = IPAddress.None;

    public string Scheme { get; private set; } = "";

    /// <summary>The TLS version of the client's connection; null without TLS.</summary>
    public string? Tls { get; private set; }

    /// <summary>The distinguished name in the client's certificate; null: none.</summary>
    public string? ClientSubject { get; set; }

    /// <summary>SHA-256 of that certificate, as hexadecimal digits; null: none.</summary>
    public string? ClientFingerprint { get; set; }

    /// <summary>Empty if the request line could not be parsed.</summary>
    public string Method { get; set; } = "";

    public string Protocol { get; set; } = "";

    public string? Route { get; set; }

    public string? Pool { get; set; }

    public TextPlace Target { get; set; }

    public TextPlace Host { get; set; }

    /// <summary>The request's id.</summary>
    public TextPlace Id { get; set; }

    /// <summary>The trace's id, as hexadecimal digits.</summary>
    public TextPlace Trace { get; set; }

    /// <summary>The values of the recorded fields, in the order of the settings; a missing one starts at -1.</summary>
    public TextPlace[] Fields { get; } = new TextPlace[fields];

    public int Status { get; private set; }

    /// <summary>The bytes of the request's body.</summary>
    public long BytesIn { get; private set; }

    /// <summary>The bytes of the answer's body.</summary>
    public long BytesOut { get; private set; }

    public RequestEnd End { get; private set; }

    /// <summary>The reason it ended, from a fixed set; null: none.</summary>
    public string? Reason { get; private set; }

    /// <summary>The number of attempts, including those not recorded.</summary>
    public int AttemptCount { get; private set; }

    public ReadOnlySpan<AttemptRecord> Attempts => _attempts.AsSpan(0, Math.Min(AttemptCount, MaxAttempts));

    /// <summary>The size of its buffer for texts, in bytes.</summary>
    public int TextCapacity => _text.Length;

    public ReadOnlySpan<byte> TextAt(TextPlace place) => _text.AsSpan(place.Start, place.Length);

    /// <summary>Begins a new record.</summary>
    public void Begin(long now, IPAddress client, string scheme, string? tls)
    {
        if (_text.Length > MaxTargetLength)
        {
            _text = new byte[UsualText]; // One large request must not make the record large for good.
        }

        (Begun, Picked, Ended, Client, Scheme, Tls, _length) = (now, 0, 0, client, scheme, tls, 0);
        (Method, Protocol, Route, Pool, Reason, ClientSubject, ClientFingerprint) = ("", "", null, null, null, null, null);
        (Target, Host, Id, Trace) = (default, default, default, default);
        (Status, BytesIn, BytesOut, AttemptCount, End) = (0, 0, 0, 0, RequestEnd.Completed);
        Array.Fill(Fields, Nothing);
    }

    /// <summary>Stores a text, up to a limit.</summary>
    public TextPlace Keep(ReadOnlySpan<byte> text, int max = MaxTextLength)
    {
        text = text[..Math.Min(text.Length, max)];
        if (_length + text.Length > _text.Length)
        {
            Array.Resize(ref _text, Math.Max(2 * _text.Length, _length + text.Length));
        }

        text.CopyTo(_text.AsSpan(_length));
        var place = new TextPlace(_length, text.Length);
        _length += text.Length;
        return place;
    }

    /// <summary>Called when an attempt begins.</summary>
    public void BeginAttempt(string endpoint, long now)
    {
        if (AttemptCount < MaxAttempts)
        {
            _attempts[AttemptCount] = new() { Endpoint = endpoint, Begun = now };
        }

        AttemptCount++;
    }

    /// <summary>Called when the attempt has a connection.</summary>
    public void Connected(long now)
    {
        if (AttemptCount is > 0 and <= MaxAttempts)
        {
            _attempts[AttemptCount - 1].Connected = now;
        }
    }

    /// <summary>Called with the head of the attempt's answer.</summary>
    public void Headed(int status, long now)
    {
        if (AttemptCount is > 0 and <= MaxAttempts)
        {
            (_attempts[AttemptCount - 1].Status, _attempts[AttemptCount - 1].Headed) = (status, now);
        }
    }

    /// <summary>Called when the attempt has ended.</summary>
    public void EndAttempt(AttemptEnd end, long now)
    {
        if (AttemptCount is > 0 and <= MaxAttempts)
        {
            (_attempts[AttemptCount - 1].End, _attempts[AttemptCount - 1].Ended) = (end, now);
        }

        // The last attempt's end is the exchange's too, unless the gateway answers in its place.
        End = end switch
        {
            AttemptEnd.Answered => RequestEnd.Completed,
            AttemptEnd.BodyBroken => RequestEnd.BackendBroke,
            AttemptEnd.DeadlinePassed => RequestEnd.Timeout,
            _ => RequestEnd.ClientLeft,
        };
    }

    /// <summary>Adds the reason; the first one stays.</summary>
    public void SetReason(string? reason) => Reason ??= reason;

    /// <summary>Called when the gateway answers with a problem of this status.</summary>
    public void Refused(int status, string? reason)
    {
        End = status switch
        {
            StatusCodes.Status502BadGateway => RequestEnd.BackendFailed,
            StatusCodes.Status504GatewayTimeout => RequestEnd.Timeout,
            _ => RequestEnd.Refused,
        };
        SetReason(reason);
    }

    /// <summary>Called when the gateway answers a request addressed to itself.</summary>
    public void AnsweredHere() => End = RequestEnd.AnsweredHere;

    /// <summary>Called when the request is over.</summary>
    public void Over(int status, long bytesIn, long bytesOut, long now) => (Status, BytesIn, BytesOut, Ended) = (status, bytesIn, bytesOut, now);
}
