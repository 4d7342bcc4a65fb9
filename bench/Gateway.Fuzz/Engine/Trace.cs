using System.Globalization;
using System.Text;

namespace Gateway.Fuzz.Engine;

/// <summary>The events of one input, line by line, for analysing a failure.</summary>
internal sealed class Trace(VirtualClock clock)
{
    private const int MaxLength = 700;

    private readonly StringBuilder _text = new();
    private long _begin;

    /// <summary>Sets the zero of times.</summary>
    public void Begin() => _begin = clock.GetTimestamp();

    public override string ToString() => _text.ToString();

    public void Add(string who, string what) =>
        _text.AppendLine(CultureInfo.InvariantCulture, $"{(clock.GetTimestamp() - _begin) / TimeSpan.TicksPerMillisecond,8} ms {who} {what}");

    public void Add(string who, string what, ReadOnlySpan<byte> bytes) => Add(who, $"{what} {bytes.Length}: {Printable(bytes)}");

    private static string Printable(ReadOnlySpan<byte> bytes)
    {
        var shown = bytes[..Math.Min(bytes.Length, MaxLength)];
        return Encoding.Latin1.GetString(shown).Replace("\r", "\\r", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal) + (shown.Length < bytes.Length ? "..." : "");
    }
}
