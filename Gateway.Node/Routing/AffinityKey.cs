namespace Gateway.Node.Routing;

/// <summary>What the file of an affinity key may hold.</summary>
internal static class AffinityKey
{
    public const string Allowed = "one line of 32 to 1024 visible ASCII characters";

    /// <summary>The key; null: the text is none.</summary>
    public static byte[]? Parse(string text)
    {
        var key = text.Trim();
        return key.Length is >= 32 and <= 1024 && key.All(c => c is > ' ' and <= '~') ? System.Text.Encoding.ASCII.GetBytes(key) : null;
    }
}
