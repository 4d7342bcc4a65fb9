namespace Gateway.Rig.Churning;

/// <summary>The head of a message.</summary>
internal sealed record ChurnHead(string First, IReadOnlyList<(string Name, string Value)> Fields)
{
    /// <summary>The status of an answer.</summary>
    public int Status => int.Parse(First.AsSpan(9, 3), System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>The first value of a field; null without one.</summary>
    public string? Value(string name)
    {
        foreach (var field in Fields)
        {
            if (field.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return field.Value;
            }
        }

        return null;
    }
}
