using System.Collections.Immutable;
using System.Text;

namespace Gateway.Http;

/// <summary>The names of the planes: case-insensitive in URLs, otherwise in lower case.</summary>
public static class HttpcgPlanes
{
    public static ImmutableArray<HttpcgPlane> All { get; } = [HttpcgPlane.App, HttpcgPlane.Bpi, HttpcgPlane.Gw, HttpcgPlane.Wallet, HttpcgPlane.M2M];

    /// <summary>Returns the plane with a name, or none.</summary>
    public static HttpcgPlane Of(ReadOnlySpan<byte> name)
    {
        foreach (var plane in All)
        {
            if (Ascii.EqualsIgnoreCase(name, NameOf(plane)))
            {
                return plane;
            }
        }

        return HttpcgPlane.None;
    }

    public static ReadOnlySpan<byte> NameOf(HttpcgPlane plane) => plane switch
    {
        HttpcgPlane.App => "app"u8,
        HttpcgPlane.Bpi => "bpi"u8,
        HttpcgPlane.Gw => "gw"u8,
        HttpcgPlane.Wallet => "wallet"u8,
        HttpcgPlane.M2M => "m2m"u8,
        _ => [],
    };

    public static string TextOf(HttpcgPlane plane) => Encoding.ASCII.GetString(NameOf(plane));
}
