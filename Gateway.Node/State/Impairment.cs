namespace Gateway.Node.State;

/// <summary>Actors of one kind that are down.</summary>
/// <param name="For">The time since the first of them failed.</param>
internal readonly record struct Impairment(string Actor, int Count, TimeSpan For);
