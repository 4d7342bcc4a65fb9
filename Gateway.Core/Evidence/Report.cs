using Gateway.Core.Membership;

namespace Gateway.Core.Evidence;

/// <summary>Somebody's word that an endpoint is bad, and what this replica has seen of its own since.</summary>
/// <param name="Number">The observer's sequence of it: the same observer's next bad news is another report.</param>
/// <param name="ByBreaker">Whether the observer's traffic fails: then probes that pass prove nothing.</param>
/// <param name="Probes">Own probes that have passed since the report came, or since own traffic or probes last failed.</param>
/// <param name="From">Own successes of traffic before that.</param>
public readonly record struct Report(ReplicaId Observer, long Number, bool ByBreaker, int Probes, long From, bool Dismissed)
{
    /// <summary>Own successes in a row that dismiss it.</summary>
    public const int Enough = 3;

    public bool IsSameAs(Report other) => Observer == other.Observer && Number == other.Number;

    /// <summary>The same report, dismissed if it must be.</summary>
    public Report Weigh(Totals totals) => this with
    {
        Dismissed = Dismissed || totals.Successes - From + (ByBreaker ? 0 : Probes) >= Enough,
    };

    /// <summary>Own evidence spoke against the endpoint: the row of successes begins anew.</summary>
    public Report Restart(Totals totals) => this with { Probes = 0, From = totals.Successes };
}
