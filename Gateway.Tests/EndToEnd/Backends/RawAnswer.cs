using System.Globalization;
using System.Text;

namespace Gateway.Tests.EndToEnd.Backends;

/// <summary>An answer as received.</summary>
/// <param name="Interim">The heads of the interim answers before it.</param>
/// <param name="Raw">Every byte, including interim answers and framing.</param>
public sealed record RawAnswer(RawHead Head, RawBody Body, IReadOnlyList<RawHead> Interim, byte[] Raw)
{
    public int Status => int.Parse(Head.StartLine.Split(' ')[1], CultureInfo.InvariantCulture);

    public string BodyText => Encoding.Latin1.GetString(Body.Bytes);

    public string RawText => Encoding.Latin1.GetString(Raw);
}
