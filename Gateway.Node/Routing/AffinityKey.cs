namespace Gateway.Node.Routing;

/// <summary>Parses the contents of an affinity key file.</summary>
internal static class AffinityKey
{
    public const string Allowed = "one line of 32 to 1024 visible ASCII characters";

    /// <summary>The key; null if the text is invalid.</summary>
    public static byte[]? Parse(string text)
    {
        var key = text.Trim();
        return key.Length is >= 32 and <= 1024 && key.All(c => c is > ' ' and <= '~') ? System.Text.Encoding.ASCII.GetBytes(key) : null;
    }
}
