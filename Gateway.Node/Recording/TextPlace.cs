namespace Gateway.Node.Recording;

/// <summary>Where a text lies within a record's bytes. A length of 0: there is none.</summary>
internal readonly record struct TextPlace(int Start, int Length);
