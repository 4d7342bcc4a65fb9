namespace Gateway.Tests.EndToEnd.Backends;

/// <summary>The head of a message as received, one char per byte (Latin-1).</summary>
/// <param name="StartLine">Without its line end.</param>
/// <param name="Lines">Each field line as received, without its line end, in order.</param>
public sealed record RawHead(string StartLine, IReadOnlyList<string> Lines)
{
    /// <param name="text">Everything up to and including the empty line. A bare LF ends a line too: the test decides what is invalid.</param>
    public static RawHead Parse(string text)
    {
        var lines = text.TrimEnd('\r', '\n').Split('\n').Select(line => line.TrimEnd('\r')).ToArray();
        return new RawHead(lines[0], lines[1..]);
    }

    /// <summary>The values of all fields with a name, in order, trimmed.</summary>
    public IReadOnlyList<string> Values(string name) =>
    [
        .. Lines.Where(line => line.StartsWith(name, StringComparison.OrdinalIgnoreCase) && line.AsSpan(name.Length).StartsWith(":"))
            .Select(line => line[(name.Length + 1)..].Trim()),
    ];

    /// <summary>The value of the only field with a name; null if there is none; fails if there are several.</summary>
    public string? Value(string name) => Values(name).SingleOrDefault();
}
