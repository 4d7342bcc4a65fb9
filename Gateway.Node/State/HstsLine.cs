using System.Globalization;
using System.Text;
using Gateway.Node.Settings;

namespace Gateway.Node.State;

/// <summary>The field that tells browsers to use only TLS (RFC 6797 6.1).</summary>
internal static class HstsLine
{
    /// <summary>The line, ended by CRLF; null: none.</summary>
    public static byte[]? Of(HstsSettings? settings) => settings is null
        ? null
        : Encoding.ASCII.GetBytes(string.Create(
            CultureInfo.InvariantCulture,
            $"Strict-Transport-Security: max-age={(long)settings.MaxAge.TotalSeconds}{(settings.IncludeSubDomains ? "; includeSubDomains" : "")}\r\n"));
}
