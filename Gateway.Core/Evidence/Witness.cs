namespace Gateway.Core.Evidence;

/// <summary>A replica whose evidence supports a decision, for display.</summary>
/// <param name="Name">The observer's name.</param>
/// <param name="Since">When its view began, by this replica's clock; its age is now minus this.</param>
/// <param name="Why">The reason for its opinion.</param>
public sealed record Witness(string Name, Opinion Opinion, TimeSpan Since, string Why);
