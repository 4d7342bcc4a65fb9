namespace Gateway.Core.Evidence;

/// <summary>What the decision on one endpoint asks of its pool.</summary>
/// <param name="Wanted">What it comes to if the pool can bear it.</param>
/// <param name="IsHearsay">Whether it rests on others' word alone, so that the cap applies.</param>
/// <param name="Now">What it is now.</param>
/// <param name="Restricted">Whether it takes part, but only for a request now and then: its breaker is half-open.</param>
/// <param name="IsOutlier">Whether it rests on a comparison with the pool's others, so that the share of outliers applies.</param>
public readonly record struct Claim(Standing Wanted, bool IsHearsay, Standing Now, bool Restricted = false, bool IsOutlier = false);
