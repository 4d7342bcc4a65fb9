using System.Net;
using Gateway.Core.Outcomes;

namespace Gateway.Node.Recording;

/// <summary>
/// What is told of one request: filled on its loop, read once it has been handed over, then used again. Texts of the client are kept as the bytes they
/// came as; what is longer than its limit is cut. Timestamps are the clock's; 0: it did not come to that.
/// </summary>
internal sealed class AccessRecord(int fields)
{
    /// <summary>Attempts beyond these are counted and not told.</summary>
    public const int MostAttempts = 8;

    /// <summary>The longest target that is kept, in bytes.</summary>
    public const int MostTarget = 4096;

    /// <summary>The longest of the other texts, in bytes.</summary>
    public const int MostText = 1024;

    private const int UsualText = 512;

    /// <summary>Of a field that the request has not.</summary>
    private static readonly TextPlace Nothing = new(-1, 0);

    private readonly AttemptRecord[] _attempts = new AttemptRecord[MostAttempts];
    private byte[] _text = new byte[UsualText];
    private int _length;

    public long Begun { get; private set; }

    /// <summary>When the first endpoint had been picked.</summary>
    public long Picked { get; set; }

    public long Ended { get; private set; }

    public IPAddress Client { get; private set; } = IPAddress.None;

    public string Scheme { get; private set; } = "";

    /// <summary>The version of TLS that the client's connection has; null: it has none.</summary>
    public string? Tls { get; private set; }

    /// <summary>The distinguished name of the certificate that the client has shown; null: none.</summary>
    public string? ClientSubject { get; set; }

    /// <summary>SHA-256 of that certificate, as hexadecimal digits; null: none.</summary>
    public string? ClientFingerprint { get; set; }

    /// <summary>Empty where the request line could not be parsed.</summary>
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

    /// <summary>The values of the fields that are told, in the order of the settings; one that is not there begins at -1.</summary>
    public TextPlace[] Fields { get; } = new TextPlace[fields];

    public int Status { get; private set; }

    /// <summary>Bytes of the request's body.</summary>
    public long BytesIn { get; private set; }

    /// <summary>Bytes of the answer's body.</summary>
    public long BytesOut { get; private set; }

    public RequestEnd End { get; private set; }

    /// <summary>More on why it ended, out of a fixed set; null: there is nothing to say.</summary>
    public string? Reason { get; private set; }

    /// <summary>How many attempts were made, those that are not told among them.</summary>
    public int AttemptCount { get; private set; }

    public ReadOnlySpan<AttemptRecord> Attempts => _attempts.AsSpan(0, Math.Min(AttemptCount, MostAttempts));

    /// <summary>Bytes that it holds for texts.</summary>
    public int TextCapacity => _text.Length;

    public ReadOnlySpan<byte> TextAt(TextPlace place) => _text.AsSpan(place.Start, place.Length);

    /// <summary>Begins anew.</summary>
    public void Begin(long now, IPAddress client, string scheme, string? tls)
    {
        if (_text.Length > MostTarget)
        {
            _text = new byte[UsualText]; // One large request does not make the record large for good.
        }

        (Begun, Picked, Ended, Client, Scheme, Tls, _length) = (now, 0, 0, client, scheme, tls, 0);
        (Method, Protocol, Route, Pool, Reason, ClientSubject, ClientFingerprint) = ("", "", null, null, null, null, null);
        (Target, Host, Id, Trace) = (default, default, default, default);
        (Status, BytesIn, BytesOut, AttemptCount, End) = (0, 0, 0, 0, RequestEnd.Completed);
        Array.Fill(Fields, Nothing);
    }

    /// <summary>Keeps a text, up to a limit.</summary>
    public TextPlace Keep(ReadOnlySpan<byte> text, int most = MostText)
    {
        text = text[..Math.Min(text.Length, most)];
        if (_length + text.Length > _text.Length)
        {
            Array.Resize(ref _text, Math.Max(2 * _text.Length, _length + text.Length));
        }

        text.CopyTo(_text.AsSpan(_length));
        var place = new TextPlace(_length, text.Length);
        _length += text.Length;
        return place;
    }

    /// <summary>An attempt begins.</summary>
    public void BeginAttempt(string endpoint, long now)
    {
        if (AttemptCount < MostAttempts)
        {
            _attempts[AttemptCount] = new() { Endpoint = endpoint, Begun = now };
        }

        AttemptCount++;
    }

    /// <summary>The attempt has a connection.</summary>
    public void Connected(long now)
    {
        if (AttemptCount is > 0 and <= MostAttempts)
        {
            _attempts[AttemptCount - 1].Connected = now;
        }
    }

    /// <summary>The head of the attempt's answer has come.</summary>
    public void Headed(int status, long now)
    {
        if (AttemptCount is > 0 and <= MostAttempts)
        {
            (_attempts[AttemptCount - 1].Status, _attempts[AttemptCount - 1].Headed) = (status, now);
        }
    }

    /// <summary>The attempt has ended.</summary>
    public void EndAttempt(AttemptEnd end, long now)
    {
        if (AttemptCount is > 0 and <= MostAttempts)
        {
            (_attempts[AttemptCount - 1].End, _attempts[AttemptCount - 1].Ended) = (end, now);
        }

        // Of an exchange's last attempt it is the end of both, unless the gateway answers in its place.
        End = end switch
        {
            AttemptEnd.Answered => RequestEnd.Completed,
            AttemptEnd.BodyBroken => RequestEnd.BackendBroke,
            AttemptEnd.DeadlinePassed => RequestEnd.Timeout,
            _ => RequestEnd.ClientLeft,
        };
    }

    /// <summary>Says more on why it ends; what has been said before stays.</summary>
    public void Because(string? reason) => Reason ??= reason;

    /// <summary>The gateway answers with a problem of this status.</summary>
    public void Refused(int status, string? reason)
    {
        End = status switch
        {
            StatusCodes.Status502BadGateway => RequestEnd.BackendFailed,
            StatusCodes.Status504GatewayTimeout => RequestEnd.Timeout,
            _ => RequestEnd.Refused,
        };
        Because(reason);
    }

    /// <summary>The gateway answers a request that was for itself.</summary>
    public void AnsweredHere() => End = RequestEnd.AnsweredHere;

    /// <summary>The request is over.</summary>
    public void Over(int status, long bytesIn, long bytesOut, long now) => (Status, BytesIn, BytesOut, Ended) = (status, bytesIn, bytesOut, now);
}
