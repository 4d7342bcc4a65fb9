using Gateway.Core.Endpoints;

namespace Gateway.Core.Overrides;

/// <summary>
/// What operators have said of one endpoint: the newest word, whole. That it is removed, and that nothing is overridden any more, are words
/// like any other; none is ever deleted, or an old one that comes late would count again.
/// </summary>
/// <param name="Stamp">When it was said.</param>
/// <param name="Removed">Whether the endpoint is taken out, wherever it comes from.</param>
/// <param name="Added">The endpoint itself, if it was added by an operator and not by the settings.</param>
/// <param name="Weight">The weight in place of the settings'; null: theirs.</param>
/// <param name="Draining">Whether it gets no new attempts.</param>
/// <param name="Who">Who said it, for people.</param>
public sealed record EndpointOverride(
    Stamp Stamp, bool Removed = false, AddedEndpoint? Added = null, int? Weight = null, bool Draining = false, string Who = "")
{
    /// <summary>Longer names of people are cut.</summary>
    public const int LongestWho = 160;

    /// <summary>Whether it changes nothing: the settings hold.</summary>
    public bool IsEmpty => !Removed && Added is null && Weight is null && !Draining;

    /// <summary>
    /// Whether this word counts and not the other: by stamp. A writer that came back without its memory may use a stamp twice; then what
    /// is said decides, so that all replicas still come to the same.
    /// </summary>
    public bool IsNewerThan(EndpointOverride other)
    {
        var byStamp = Stamp.CompareTo(other.Stamp);
        return byStamp > 0 || (byStamp == 0 && string.CompareOrdinal(Content, other.Content) > 0);
    }

    private string Content => $"{Removed} {Draining} {Weight} {Added} {Who}";
}

/// <summary>An endpoint that the settings do not have.</summary>
public sealed record AddedEndpoint(int Weight = 1, string? Zone = null, int Priority = 0)
{
    /// <summary>As the pool's settings would have it.</summary>
    public EndpointSettings At(EndpointAddress address) => new(address, Weight, Zone, Priority);
}
