namespace Gateway.Core.Evidence;

/// <summary>An observation as it is held by who was told it.</summary>
/// <param name="Since">Since when its sender sees it so, by the holder's own clock.</param>
public sealed record Told(Observation Observation, TimeSpan Since);
