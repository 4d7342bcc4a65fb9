using System.Diagnostics;
using System.Globalization;

namespace Gateway.Upstream.Http1;

/// <summary>
/// Frames a request body of unknown length. The body is read into the middle of a buffer, <see cref="Prefix"/> bytes after its start, and
/// framed where it lies, so that a chunk leaves in one write and is never copied: 26 bytes become <c>1a CRLF, payload, CRLF</c>.
/// </summary>
internal static class ChunkWriter
{
    /// <summary>Room to leave before the payload: eight digits and the end of the line.</summary>
    public const int Prefix = 10;

    /// <summary>Room to leave after it.</summary>
    public const int Suffix = 2;

    /// <summary>Ends a body without trailers.</summary>
    public static ReadOnlySpan<byte> LastChunk => "0\r\n\r\n"u8;

    /// <summary>Puts size line and line end around the payload.</summary>
    /// <param name="buffer">At least <see cref="Prefix"/> + <paramref name="payload"/> + <see cref="Suffix"/> bytes.</param>
    /// <param name="payload">Bytes of payload, at least 1: an empty chunk would end the body.</param>
    /// <returns>Where in the buffer the chunk is.</returns>
    public static (int Start, int Length) Frame(Span<byte> buffer, int payload)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(payload, 1);
        Span<byte> size = stackalloc byte[Prefix];
        var fits = payload.TryFormat(size, out var digits, "x", CultureInfo.InvariantCulture);
        Debug.Assert(fits);
        var start = Prefix - digits - 2;
        size[..digits].CopyTo(buffer[start..]);
        "\r\n"u8.CopyTo(buffer[(Prefix - 2)..]);
        "\r\n"u8.CopyTo(buffer[(Prefix + payload)..]);
        return (start, Prefix - start + payload + Suffix);
    }
}
