namespace Gateway.Node.Settings;

/// <summary>Parses the contents of the file in <c>--admin-token-file</c>.</summary>
internal static class AdminTokenText
{
    /// <summary>The shortest token; shorter ones could be guessed.</summary>
    public const int MinLength = 16;

    private const int MaxLength = 1024;

    public static readonly string Allowed = $"one line of {MinLength} to {MaxLength} visible ASCII characters";

    /// <summary>The token; null if the text is invalid.</summary>
    public static string? Parse(string text)
    {
        var token = text.Trim();
        return token.Length is >= MinLength and <= MaxLength && token.All(c => c is > ' ' and <= '~') ? token : null;
    }
}
