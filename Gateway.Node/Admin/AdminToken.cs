using System.Security.Cryptography;
using System.Text;
using Gateway.Node.Settings;

namespace Gateway.Node.Admin;

/// <summary>
/// The secret that admin requests bear. Only a digest is kept, and comparing takes the same time whatever is presented. Never printed.
/// </summary>
internal sealed class AdminToken
{
    /// <summary>Shorter ones could be guessed.</summary>
    public const int MinLength = 16;

    private const int MaxLength = 1024;
    private const string Scheme = "Bearer ";

    private readonly byte[] _digest;

    private AdminToken(string token) => _digest = Digest(token);

    /// <summary>Reads the token of the settings.</summary>
    /// <returns>The token, null if none is set; or why the process must not start.</returns>
    public static (AdminToken? Token, string? Fault) Load(GatewaySettings settings)
    {
        if (settings.AdminTokenFile is not { } path)
        {
            return (null, null);
        }

        string text;
        try
        {
            text = File.ReadAllText(path).Trim();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return (null, $"--admin-token-file: {Faults.Quote(path)} cannot be read: {error.Message}");
        }

        return text.Length is >= MinLength and <= MaxLength && text.All(c => c is > ' ' and <= '~')
            ? (new(text), null)
            : (null, $"--admin-token-file: {Faults.Quote(path)} holds no token; allowed: one line of {MinLength} to {MaxLength} visible ASCII characters");
    }

    /// <summary>Whether the Authorization field of a request bears this token.</summary>
    public bool IsBorneBy(string? authorization) =>
        authorization is not null &&
        authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) &&
        CryptographicOperations.FixedTimeEquals(_digest, Digest(authorization[Scheme.Length..].Trim()));

    public override string ToString() => "(a token)";

    private static byte[] Digest(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
