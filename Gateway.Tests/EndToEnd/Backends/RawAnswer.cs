using System.Globalization;
using System.Text;

namespace Gateway.Tests.EndToEnd.Backends;

/// <summary>An answer as it came.</summary>
/// <param name="Interim">Heads of the 1xx answers before it.</param>
/// <param name="Raw">Every byte, the interim answers' too, framing and all.</param>
public sealed record RawAnswer(RawHead Head, RawBody Body, IReadOnlyList<RawHead> Interim, byte[] Raw)
{
    public int Status => int.Parse(Head.StartLine.Split(' ')[1], CultureInfo.InvariantCulture);

    public string BodyText => Encoding.Latin1.GetString(Body.Bytes);

    public string RawText => Encoding.Latin1.GetString(Raw);
}
