namespace Gateway.Node.State;

/// <summary>Actors of one kind that are out.</summary>
/// <param name="For">How long the first of them has been.</param>
internal readonly record struct Impairment(string Actor, int Count, TimeSpan For);
