namespace Gateway.Core.Evidence;

/// <summary>An observation as stored by a replica: its own or one received.</summary>
/// <param name="Since">When the sender's view began, by this replica's clock.</param>
public sealed record Told(Observation Observation, TimeSpan Since);
