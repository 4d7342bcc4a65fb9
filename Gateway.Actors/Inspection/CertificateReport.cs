using System.Collections.Immutable;

namespace Gateway.Actors.Inspection;

/// <summary>A certificate that clients are served with over TLS.</summary>
/// <param name="Names">The DNS names that it is for; may be empty.</param>
/// <param name="Sha256">The SHA-256 fingerprint, as hexadecimal digits.</param>
/// <param name="NotBefore">From when it is valid.</param>
/// <param name="NotAfter">Until when it is valid.</param>
/// <param name="SecondsLeft">Until it expires; negative after that.</param>
/// <param name="File">Where it was read.</param>
/// <param name="IsDefault">Whether it also serves clients that name no server, or an unknown one.</param>
/// <param name="Fault">Why the files hold something that is not served instead; null: they hold what is served.</param>
public sealed record CertificateReport(
    ImmutableArray<string> Names, string Subject, string Issuer, string Sha256, DateTimeOffset NotBefore, DateTimeOffset NotAfter, double SecondsLeft, string File,
    bool IsDefault, CertificateState State, string? Fault);

/// <summary>Whether a certificate is valid by date.</summary>
public enum CertificateState
{
    Valid,
    NotYetValid,
    Expired,
}
