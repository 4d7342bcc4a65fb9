namespace Gateway.Core.Evidence;

/// <summary>The claim that the decision on one endpoint makes on its pool.</summary>
/// <param name="Wanted">The standing it gets if the pool can bear it.</param>
/// <param name="IsHearsay">Whether it rests only on other replicas' reports, so that the cap applies.</param>
/// <param name="Now">The current standing.</param>
/// <param name="Restricted">Whether it gets only an occasional request, because its breaker is half-open.</param>
/// <param name="IsOutlier">Whether it rests on a comparison with the pool's others, so that the outlier share applies.</param>
public readonly record struct Claim(Standing Wanted, bool IsHearsay, Standing Now, bool Restricted = false, bool IsOutlier = false);
