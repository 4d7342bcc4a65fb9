using System.Security.Cryptography;
using System.Text;
using Gateway.Node.Settings;

namespace Gateway.Node.Admin;

/// <summary>The secret of admin requests. Only a digest is kept, and comparing takes constant time. Never printed.</summary>
internal sealed class AdminToken
{
    private const string Scheme = "Bearer ";

    private readonly byte[] _digest;

    private AdminToken(string token) => _digest = Digest(token);

    /// <summary>Reads the configured token.</summary>
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
            text = File.ReadAllText(path);
        }
        catch (Exception error) when (FileReading.IsFault(error))
        {
            return (null, $"--admin-token-file: {Faults.Quote(path)} {FileReading.Reason(error, path)}; allowed: the path of a readable file");
        }

        return AdminTokenText.Parse(text) is { } token
            ? (new(token), null)
            : (null, $"--admin-token-file: {Faults.Quote(path)} contains no token; allowed: {AdminTokenText.Allowed}");
    }

    /// <summary>Whether the Authorization field of a request contains this token.</summary>
    public bool Authorizes(string? authorization) =>
        authorization is not null &&
        authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) &&
        CryptographicOperations.FixedTimeEquals(_digest, Digest(authorization[Scheme.Length..].Trim()));

    public override string ToString() => "(a token)";

    private static byte[] Digest(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
