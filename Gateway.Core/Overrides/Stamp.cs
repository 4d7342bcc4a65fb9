namespace Gateway.Core.Overrides;

/// <summary>
/// When a change was made, as far as replicas without a common clock can say: later than all that its writer had seen (Lamport). Of two that
/// did not know of each other the writer's number decides, the same way everywhere.
/// </summary>
/// <param name="Time">One more than the highest its writer had seen. From 1.</param>
/// <param name="Writer">The replica's process: a number drawn at its start, so that no stamp is ever given twice.</param>
public readonly record struct Stamp(long Time, long Writer) : IComparable<Stamp>
{
    public int CompareTo(Stamp other)
    {
        var byTime = Time.CompareTo(other.Time);
        return byTime != 0 ? byTime : Writer.CompareTo(other.Writer);
    }

    public static bool operator <(Stamp left, Stamp right) => left.CompareTo(right) < 0;

    public static bool operator <=(Stamp left, Stamp right) => left.CompareTo(right) <= 0;

    public static bool operator >(Stamp left, Stamp right) => left.CompareTo(right) > 0;

    public static bool operator >=(Stamp left, Stamp right) => left.CompareTo(right) >= 0;
}
