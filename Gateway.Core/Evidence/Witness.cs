namespace Gateway.Core.Evidence;

/// <summary>Someone whose evidence a decision rests on, for people to read.</summary>
/// <param name="Name">The observer's name.</param>
/// <param name="Since">Since when it sees the endpoint so, by this replica's clock; its age is now minus this.</param>
/// <param name="Why">What made it say so.</param>
public sealed record Witness(string Name, Opinion Opinion, TimeSpan Since, string Why);
