using System.Globalization;
using System.Text;
using System.Web;

namespace Gateway.Rig.Churning;

/// <summary>A request whose target tells its backend how to handle it.</summary>
/// <param name="Size">The bytes of the answer's body.</param>
/// <param name="Upload">The bytes of the request's body; zero: none.</param>
internal sealed record ChurnRequest(long Id, ChurnKind Kind, int Size, int Upload, bool IsChunked)
{
    /// <summary>Whether its backend is to answer it completely.</summary>
    public bool IsComplete => Kind < ChurnKind.Cut;

    /// <summary>The expected body of the request.</summary>
    public byte[] Body => ChurnBody.Of(~Id, Upload);

    /// <summary>Reads a target written by <see cref="Write"/>.</summary>
    public static ChurnRequest Read(ChurnHead head)
    {
        var query = HttpUtility.ParseQueryString(head.First.Split(' ')[1].Split('?')[1]);
        return new(
            long.Parse(query["id"]!, CultureInfo.InvariantCulture), Enum.Parse<ChurnKind>(query["do"]!), int.Parse(query["size"]!, CultureInfo.InvariantCulture),
            int.Parse(query["upload"]!, CultureInfo.InvariantCulture), IsChunked: false);
    }

    public byte[] Write()
    {
        var head = string.Create(CultureInfo.InvariantCulture,
            $"{(Upload > 0 ? "POST" : "GET")} /?id={Id}&do={Kind}&size={Size}&upload={Upload} HTTP/1.1\r\nHost: churn\r\nX-Request: {Id}\r\n");
        if (Upload == 0)
        {
            return Encoding.ASCII.GetBytes(head + "\r\n");
        }

        var body = Body;
        if (!IsChunked)
        {
            return [.. Encoding.ASCII.GetBytes(head + string.Create(CultureInfo.InvariantCulture, $"Content-Length: {Upload}\r\n\r\n")), .. body];
        }

        var half = Upload / 2;
        return
        [
            .. Encoding.ASCII.GetBytes(head + "Transfer-Encoding: chunked\r\n\r\n"), .. Chunk(body.AsSpan(0, half)), .. Chunk(body.AsSpan(half)), .. "0\r\n\r\n"u8
        ];
    }

    /// <summary>A chunk of these bytes; nothing for no bytes, since that would be the last chunk.</summary>
    internal static byte[] Chunk(ReadOnlySpan<byte> bytes) =>
        bytes.IsEmpty ? [] : [.. Encoding.ASCII.GetBytes(bytes.Length.ToString("x", CultureInfo.InvariantCulture) + "\r\n"), .. bytes, .. "\r\n"u8];
}
