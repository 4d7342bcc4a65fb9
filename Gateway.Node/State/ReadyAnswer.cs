using System.Globalization;
using System.Text;

namespace Gateway.Node.State;

/// <summary>
/// The answer of <c>/ready</c>: whether the replica may get traffic. It may even if an actor is down, since requests need none; the impairment is reported,
/// without names, since anyone may ask.
/// </summary>
/// <param name="Status">200 or 503.</param>
/// <param name="Body">JSON.</param>
internal readonly record struct ReadyAnswer(int Status, byte[] Body)
{
    private static readonly byte[] Ready = Encoding.ASCII.GetBytes("""{"status":"ready"}""");
    private static readonly byte[] Draining = Encoding.ASCII.GetBytes("""{"status":"draining"}""");
    private static readonly byte[] Starting = Encoding.ASCII.GetBytes("""{"status":"starting"}""");

    public static ReadyAnswer Of(GatewayState state) => state switch
    {
        { Ready: true, Impaired: { IsEmpty: false } impaired } => new(StatusCodes.Status200OK, Encoding.UTF8.GetBytes(
            $$"""{"status":"ready","impaired":[{{string.Join(',', impaired.Select(Describe))}}]}""")),
        { Ready: true } => new(StatusCodes.Status200OK, Ready),
        { Draining: true } => new(StatusCodes.Status503ServiceUnavailable, Draining),
        _ => new(StatusCodes.Status503ServiceUnavailable, Starting),
    };

    private static string Describe(Impairment impairment) => string.Create(
        CultureInfo.InvariantCulture,
        $$"""{"actor":"{{impairment.Actor}}","count":{{impairment.Count}},"seconds":{{impairment.For.TotalSeconds:0.0}}}""");
}
