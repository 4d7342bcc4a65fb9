using Gateway.Http;
using Gateway.Node.Routing;

namespace Gateway.Node.Engine;

/// <summary>Writes the head of a backend's answer for the client. Fields that pass are copied as byte ranges.</summary>
internal static class AnswerWriter
{
    /// <returns>The number of bytes written.</returns>
    public static int Write(Span<byte> room, ResponseHead answer, ReadOnlySpan<byte> head, in AnswerShape shape)
    {
        var to = new ByteWriter(room);
        to.Write("HTTP/1.1 "u8);
        to.Write(head[9..answer.FieldsStart]);
        var hsts = shape.Fields?.Drops("strict-transport-security"u8) == true ? null : shape.Hsts; // A route may set its own.
        WriteFields(ref to, answer, head, passesId: shape.Id is null, passesHsts: hsts is null, shape.Fields);
        to.Write(hsts);
        shape.Id?.Write(ref to);
        to.Write(shape.Cookie);
        if (!answer.Fields.Has(FieldName.Date))
        {
            to.Write(shape.Date);
        }

        if ((answer.Fields.IsLengthRepeated && !HasNoBody(answer)) || shape.Is(AnswerFraming.Empty))
        {
            to.Write("Content-Length: "u8);
            to.Write(Math.Max(0, answer.Fields.ContentLength));
            to.Write("\r\n"u8);
        }

        to.Write(shape.Is(AnswerFraming.FromHttp2) ? "Via: 2.0 "u8 : answer.IsHttp11 ? "Via: 1.1 "u8 : "Via: 1.0 "u8);
        to.Write(shape.GatewayId);
        to.Write("\r\n"u8);
        if (shape.Is(AnswerFraming.Chunked))
        {
            to.Write("Transfer-Encoding: chunked\r\n"u8);
        }

        to.Write(
            answer.Status == 101 ? "Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n"u8
            : shape.Is(AnswerFraming.Closes) ? "Connection: close\r\n\r\n"u8
            : shape.Is(AnswerFraming.ToHttp10) ? "Connection: keep-alive\r\n\r\n"u8
            : "\r\n"u8);
        return to.Length;
    }

    /// <summary>Writes the head of an interim answer.</summary>
    public static int WriteInterim(Span<byte> room, ResponseHead answer, ReadOnlySpan<byte> head)
    {
        var to = new ByteWriter(room);
        to.Write("HTTP/1.1 "u8);
        to.Write(head[9..answer.FieldsStart]);
        WriteFields(ref to, answer, head, passesId: true, passesHsts: true, edit: null);
        to.Write("\r\n"u8);
        return to.Length;
    }

    /// <summary>Whether the status rules out a body, whatever the fields say (RFC 9110 8.6).</summary>
    private static bool HasNoBody(ResponseHead answer) => answer.Status is 204 or < 200;

    private static void WriteFields(ref ByteWriter to, ResponseHead answer, ReadOnlySpan<byte> head, bool passesId, bool passesHsts, FieldEdit? edit)
    {
        var noBody = HasNoBody(answer);
        var (from, until) = (0, 0);
        foreach (ref readonly var field in answer.Fields.All)
        {
            if (field.IsDropped || (noBody && field.Name is (FieldName.ContentLength or FieldName.Trailer)) || (field.Name == FieldName.XRequestId && !passesId) ||
                (field.Name == FieldName.StrictTransportSecurity && !passesHsts) ||
                edit?.Drops(field.NameIn(head)) == true)
            {
                to.Write(head[from..until]);
                (from, until) = (field.End, field.End);
            }
            else if (until == field.Start)
            {
                until = field.End;
            }
            else
            {
                to.Write(head[from..until]);
                (from, until) = (field.Start, field.End);
            }
        }

        to.Write(head[from..until]);
        if (edit is not null)
        {
            to.Write(edit.Lines);
        }
    }
}
