namespace Gateway.Node.Settings;

/// <summary>What the file of <c>--admin-token-file</c> may hold.</summary>
internal static class AdminTokenText
{
    /// <summary>Shorter ones could be guessed.</summary>
    public const int MinLength = 16;

    private const int MaxLength = 1024;

    public static readonly string Allowed = $"one line of {MinLength} to {MaxLength} visible ASCII characters";

    /// <summary>The token; null: the text is none.</summary>
    public static string? Parse(string text)
    {
        var token = text.Trim();
        return token.Length is >= MinLength and <= MaxLength && token.All(c => c is > ' ' and <= '~') ? token : null;
    }
}
