namespace Gateway.Node.Recording;

/// <summary>The range of a text in a record's bytes. A length of 0: no text.</summary>
internal readonly record struct TextPlace(int Start, int Length);
