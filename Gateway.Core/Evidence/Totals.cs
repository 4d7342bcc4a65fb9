namespace Gateway.Core.Evidence;

/// <summary>How often this replica's own traffic to an endpoint has ever succeeded and failed.</summary>
public readonly record struct Totals(long Successes, long Failures);
