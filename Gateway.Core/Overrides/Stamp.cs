namespace Gateway.Core.Overrides;

/// <summary>
/// The logical time of a change among replicas without a common clock: later than all changes its writer had seen (Lamport). Between
/// concurrent changes the writer's number decides, the same way everywhere.
/// </summary>
/// <param name="Time">One more than the highest time its writer had seen, from 1.</param>
/// <param name="Writer">The replica's process: a random number drawn at its start, so that no stamp is used twice.</param>
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
