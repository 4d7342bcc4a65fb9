using Gateway.Core.Membership;

namespace Gateway.Core.Evidence;

/// <summary>Somebody's word that an endpoint is bad, and what this replica's probes have seen since.</summary>
/// <param name="Number">The observer's sequence of it: the same observer's next bad news is another report.</param>
/// <param name="ByBreaker">Whether the observer's traffic fails: then probes that pass prove nothing.</param>
/// <param name="Probes">Own probes that have passed in a row since the report came, or since the breaker last opened.</param>
public readonly record struct Report(ReplicaId Observer, long Number, bool ByBreaker, int Probes, bool Dismissed)
{
    /// <summary>Own probes in a row that dismiss a report of probes; of traffic the breaker counts itself: <see cref="Breaking.BreakerWord.Proof"/>.</summary>
    public const int Enough = 3;

    public bool IsSameAs(Report other) => Observer == other.Observer && Number == other.Number;

    /// <summary>One more probe has passed.</summary>
    public Report Pass() => this with { Probes = Probes + 1, Dismissed = Dismissed || (!ByBreaker && Probes + 1 >= Enough) };

    /// <summary>Own evidence spoke against the endpoint: the row of successes begins anew.</summary>
    public Report Restart() => this with { Probes = 0 };
}
