using System.Globalization;

namespace Gateway.Node.Sample;

/// <summary>The allowed range of a number, the same in flags, queries and options.</summary>
/// <param name="Name">As in the query; a flag has <c>--</c> before it.</param>
/// <param name="Whole">Digits only; otherwise a decimal point is allowed.</param>
internal sealed record Allowed(string Name, double Lowest, double Highest, bool Whole = true)
{
    public static readonly Allowed DelayMs = new("delay-ms", 0, 600_000);
    public static readonly Allowed JitterMs = new("jitter-ms", 0, 600_000);
    public static readonly Allowed ErrorRate = new("error-rate", 0, 1, Whole: false);

    /// <summary>Final statuses only, no interim ones.</summary>
    public static readonly Allowed Status = new("status", 200, 599);

    /// <summary>Up to 1 GiB.</summary>
    public static readonly Allowed Size = new("size", 0, 1 << 30);

    public bool TryParse(string text, out double value) =>
        double.TryParse(text, Whole ? NumberStyles.None : NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out value)
        && Holds(value);

    public bool Holds(double value) => value >= Lowest && value <= Highest;

    /// <summary>For example <c>a whole number from 200 to 599</c>.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"a {(Whole ? "whole " : "")}number from {Lowest} to {Highest}");
}
