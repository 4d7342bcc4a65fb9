using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Gateway.Core.Outcomes;
using Gateway.Node.Recording;

namespace Gateway.Node.AccessLogs;

/// <summary>One JSON object per request; docs/access-log.md lists its members.</summary>
/// <param name="fields">The names of the recorded request fields, in the policy's order, and whether each value is redacted.</param>
/// <param name="clock">The clock of the record's timestamps.</param>
internal sealed class JsonFormat(ImmutableArray<LoggedField> fields, TimeProvider clock) : ILineFormat
{
    private static readonly string[] Outcomes = [.. Enum.GetNames<AttemptEnd>().Select(JsonNamingPolicy.KebabCaseLower.ConvertName)];
    private static readonly string[] Ends = [.. Enum.GetNames<RequestEnd>().Select(JsonNamingPolicy.KebabCaseLower.ConvertName)];

    private readonly byte[] _second = new byte["yyyy-MM-ddTHH:mm:ss.".Length];
    private long _secondNumber = -1;

    public void Write(LineBuffer to, AccessRecord record, DateTimeOffset begun)
    {
        to.Add("{\"time\":\""u8);
        WriteTime(to, begun);
        to.Add((byte)'"');
        WriteText(to, ",\"id\":"u8, record, record.Id);
        WriteText(to, ",\"trace\":"u8, record, record.Trace);
        to.Add(",\"client\":\""u8);
        to.Add(record.Client);
        to.Add((byte)'"');
        WriteText(to, ",\"method\":"u8, record.Method);
        WriteText(to, ",\"scheme\":"u8, record.Scheme);
        WriteText(to, ",\"host\":"u8, record, record.Host);
        WriteText(to, ",\"target\":"u8, record, record.Target);
        WriteText(to, ",\"protocol\":"u8, record.Protocol);
        WriteText(to, ",\"tls\":"u8, record.Tls ?? "");
        WriteText(to, ",\"clientSubject\":"u8, record.ClientSubject ?? "");
        WriteText(to, ",\"clientFingerprint\":"u8, record.ClientFingerprint ?? "");
        to.Add(",\"status\":"u8);
        to.Add(record.Status);
        to.Add(",\"bytesIn\":"u8);
        to.Add(record.BytesIn);
        to.Add(",\"bytesOut\":"u8);
        to.Add(record.BytesOut);
        WriteText(to, ",\"route\":"u8, record.Route ?? "");
        WriteText(to, ",\"pool\":"u8, record.Pool ?? "");
        WriteTime(to, ",\"pickMs\":"u8, record.Begun, record.Picked);
        WriteAttempts(to, record);
        to.Add(",\"ms\":"u8);
        to.Add(clock.GetElapsedTime(record.Begun, record.Ended));
        WriteText(to, ",\"end\":"u8, Ends[(int)record.End]);
        WriteText(to, ",\"reason\":"u8, record.Reason ?? "");
        WriteFields(to, record);
        to.Add("}\n"u8);
    }

    /// <summary>Writes the time. Most lines are of the same second as the one before.</summary>
    private void WriteTime(LineBuffer to, DateTimeOffset time)
    {
        if (time.Ticks / TimeSpan.TicksPerSecond != _secondNumber)
        {
            _secondNumber = time.Ticks / TimeSpan.TicksPerSecond;
            time.TryFormat(_second, out _, "yyyy-MM-dd'T'HH:mm:ss.", CultureInfo.InvariantCulture);
        }

        to.Add(_second);
        to.AddThree(time.Millisecond);
        to.Add((byte)'Z');
    }

    private void WriteAttempts(LineBuffer to, AccessRecord record)
    {
        if (record.AttemptCount == 0)
        {
            return;
        }

        var attempts = record.Attempts;
        var last = attempts[^1];
        WriteTime(to, ",\"connectMs\":"u8, last.Begun, last.Connected);
        WriteTime(to, ",\"firstByteMs\":"u8, record.Begun, last.Headed);
        if (record.AttemptCount > attempts.Length)
        {
            to.Add(",\"attemptCount\":"u8);
            to.Add(record.AttemptCount);
        }

        to.Add(",\"attempts\":["u8);
        for (var i = 0; i < attempts.Length; i++)
        {
            Write(to, attempts[i], isFirst: i == 0);
        }

        to.Add((byte)']');
    }

    private void Write(LineBuffer to, in AttemptRecord attempt, bool isFirst)
    {
        to.Add(isFirst ? "{\"endpoint\":"u8 : ",{\"endpoint\":"u8);
        JsonText.Write(to, attempt.Endpoint);
        to.Add(",\"outcome\":\""u8);
        to.Add(Outcomes[(int)attempt.End]);
        to.Add((byte)'"');
        if (attempt.Status != 0)
        {
            to.Add(",\"status\":"u8);
            to.Add(attempt.Status);
        }

        WriteTime(to, ",\"connectMs\":"u8, attempt.Begun, attempt.Connected);
        WriteTime(to, ",\"firstByteMs\":"u8, attempt.Begun, attempt.Headed);
        WriteTime(to, ",\"ms\":"u8, attempt.Begun, attempt.Ended);
        to.Add((byte)'}');
    }

    private void WriteFields(LineBuffer to, AccessRecord record)
    {
        var isFirst = true;
        for (var i = 0; i < fields.Length; i++)
        {
            if (record.Fields[i].Start < 0)
            {
                continue; // The request did not have it.
            }

            to.Add(isFirst ? ",\"fields\":{"u8 : ","u8);
            JsonText.Write(to, fields[i].Name);
            to.Add((byte)':');
            JsonText.Write(to, fields[i].IsRedacted ? LoggedField.Redacted : record.TextAt(record.Fields[i]));
            isFirst = false;
        }

        if (!isFirst)
        {
            to.Add((byte)'}');
        }
    }

    private void WriteTime(LineBuffer to, ReadOnlySpan<byte> name, long from, long until)
    {
        if (until != 0)
        {
            to.Add(name);
            to.Add(clock.GetElapsedTime(from, until));
        }
    }

    private static void WriteText(LineBuffer to, ReadOnlySpan<byte> name, AccessRecord record, TextPlace place)
    {
        if (place.Length > 0)
        {
            to.Add(name);
            JsonText.Write(to, record.TextAt(place));
        }
    }

    private static void WriteText(LineBuffer to, ReadOnlySpan<byte> name, string text)
    {
        if (text.Length > 0)
        {
            to.Add(name);
            JsonText.Write(to, text);
        }
    }
}
