using Gateway.Core.Membership;

namespace Gateway.Core.Evidence;

/// <summary>Another replica's report that an endpoint is bad, and the results of this replica's probes since.</summary>
/// <param name="Number">The observer's sequence number of it: its next bad news is another report.</param>
/// <param name="ByBreaker">Whether the observer's traffic fails: passing probes then prove nothing.</param>
/// <param name="Probes">Own probes passed in a row since the report, or since the breaker last opened.</param>
public readonly record struct Report(ReplicaId Observer, long Number, bool ByBreaker, int Probes, bool Dismissed)
{
    /// <summary>Own probes in a row that dismiss a probe report; for traffic the breaker counts itself: <see cref="Breaking.BreakerWord.Proof"/>.</summary>
    public const int Enough = 3;

    public bool IsSameAs(Report other) => Observer == other.Observer && Number == other.Number;

    /// <summary>Adds a passed probe.</summary>
    public Report Pass() => this with { Probes = Probes + 1, Dismissed = Dismissed || (!ByBreaker && Probes + 1 >= Enough) };

    /// <summary>Restarts the row of successes: own evidence spoke against the endpoint.</summary>
    public Report Restart() => this with { Probes = 0 };
}
