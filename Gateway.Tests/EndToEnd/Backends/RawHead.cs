namespace Gateway.Tests.EndToEnd.Backends;

/// <summary>The head of a message as it came, one char per byte (Latin-1).</summary>
/// <param name="StartLine">Without its line end.</param>
/// <param name="Lines">Each field line as it came, without its line end, in order.</param>
public sealed record RawHead(string StartLine, IReadOnlyList<string> Lines)
{
    /// <param name="text">All up to and with the empty line. A lone LF ends a line too: the test decides what is wrong.</param>
    public static RawHead Parse(string text)
    {
        var lines = text.TrimEnd('\r', '\n').Split('\n').Select(line => line.TrimEnd('\r')).ToArray();
        return new RawHead(lines[0], lines[1..]);
    }

    /// <summary>The values of all fields of a name, in order, without surrounding blanks.</summary>
    public IReadOnlyList<string> Values(string name) =>
    [
        .. Lines.Where(line => line.StartsWith(name, StringComparison.OrdinalIgnoreCase) && line.AsSpan(name.Length).StartsWith(":"))
            .Select(line => line[(name.Length + 1)..].Trim()),
    ];

    /// <summary>The value of the only field of a name; null when there is none; fails when there are several.</summary>
    public string? Value(string name) => Values(name).SingleOrDefault();
}
