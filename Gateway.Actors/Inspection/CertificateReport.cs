using System.Collections.Immutable;

namespace Gateway.Actors.Inspection;

/// <summary>A certificate served to clients over TLS.</summary>
/// <param name="Names">Its DNS names; may be empty.</param>
/// <param name="Sha256">The SHA-256 fingerprint, as hexadecimal digits.</param>
/// <param name="NotBefore">The start of its validity.</param>
/// <param name="NotAfter">The end of its validity.</param>
/// <param name="SecondsLeft">The time until it expires; negative after that.</param>
/// <param name="File">The file it was read from.</param>
/// <param name="IsDefault">Whether it also serves clients that send no server name, or an unknown one.</param>
/// <param name="Fault">Why the certificate in the files is not the one served; null if it is.</param>
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
