using System.Text;
using System.Text.RegularExpressions;

namespace Gateway.Tests.Http;

/// <summary>A second, slow parser of heads, strictly by the standards, to check the parsers: it must find no fault in a head that they accept.</summary>
internal static partial class StrictReading
{
    /// <summary>Why a request head is invalid; empty if it is valid.</summary>
    public static string OfRequest(ReadOnlySpan<byte> head)
    {
        var text = Encoding.Latin1.GetString(head);
        text = text.StartsWith("\r\n", StringComparison.Ordinal) ? text[2..] : text;
        return Lines(text, out var lines, out var fields) is { Length: > 0 } fault ? fault
            : !RequestLine().IsMatch(lines[0]) ? "request line"
            : OfFraming(fields, lines[0].EndsWith('0'), mayRepeatLength: false) is { Length: > 0 } framing ? framing
            : Named(fields, "host") is var hosts && hosts.Count > 1 || (hosts.Count == 0 && lines[0].EndsWith('1')) ? "number of hosts"
            : hosts.Any(host => !HostForm().IsMatch(host)) ? "host"
            : "";
    }

    /// <summary>Why a response head is invalid; empty if it is valid.</summary>
    public static string OfResponse(ReadOnlySpan<byte> head) =>
        Lines(Encoding.Latin1.GetString(head), out var lines, out var fields) is { Length: > 0 } fault ? fault
        : !StatusLine().IsMatch(lines[0]) ? "status line"
        : OfFraming(fields, lines[0][7] == '0', mayRepeatLength: true);

    private static string Lines(string text, out string[] lines, out List<(string Name, string Value)> fields)
    {
        (lines, fields) = ([], []);
        if (!text.EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            return "no end";
        }

        lines = text[..^4].Split("\r\n");
        foreach (var line in lines)
        {
            if (line.Any(c => (c < ' ' && c != '\t') || c == 127))
            {
                return "control byte";
            }
        }

        foreach (var line in lines.Skip(1))
        {
            if (FieldLine().Match(line) is not { Success: true } field)
            {
                return "field line: " + line;
            }

            fields.Add((field.Groups[1].Value.ToUpperInvariant(), field.Groups[2].Value.Trim(' ', '\t')));
        }

        return "";
    }

    private static string OfFraming(List<(string Name, string Value)> fields, bool isHttp10, bool mayRepeatLength)
    {
        var lengths = Named(fields, "content-length").SelectMany(v => mayRepeatLength ? v.Split(',').Select(p => p.Trim(' ', '\t')) : [v]).ToList();
        var codings = Named(fields, "transfer-encoding");
        return lengths.Any(v => v.Length == 0 || v.Any(c => c is < '0' or > '9') || !long.TryParse(v, out _)) ? "length"
            : lengths.Select(long.Parse).Distinct().Count() > 1 || (!mayRepeatLength && lengths.Count > 1) ? "lengths"
            : codings.Count > 0 && (lengths.Count > 0 || isHttp10) ? "length or version beside coding"
            : codings.Count > 1 || codings.Any(v => !v.Equals("chunked", StringComparison.OrdinalIgnoreCase)) ? "coding"
            : "";
    }

    private static List<string> Named(List<(string Name, string Value)> fields, string name) =>
        [.. fields.Where(f => f.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(f => f.Value)];

    [GeneratedRegex(@"\A[!#$%&'*+\-.^_`|~0-9A-Za-z]{1,32} [^\x00-\x20\x7f]+ HTTP/1\.[01]\z")]
    private static partial Regex RequestLine();

    [GeneratedRegex(@"\AHTTP/1\.[01] [1-9][0-9]{2}( [^\x00-\x08\x0a-\x1f\x7f]*)?\z")]
    private static partial Regex StatusLine();

    [GeneratedRegex(@"\A([!#$%&'*+\-.^_`|~0-9A-Za-z]+):([^\x00-\x08\x0a-\x1f\x7f]*)\z")]
    private static partial Regex FieldLine();

    [GeneratedRegex(@"\A(\[[0-9A-Fa-f:.%]{2,}\]|[A-Za-z0-9\-._~%!$&'()*+,;=]*)(:[0-9]{0,5})?\z")]
    private static partial Regex HostForm();
}
