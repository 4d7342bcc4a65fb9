namespace Gateway.Rig.Churning;

/// <summary>
/// The body of a request: each byte depends on the request's id and its position, so that bytes of another request or out of order are detected.
/// </summary>
internal static class ChurnBody
{
    public static byte[] Of(long id, int size)
    {
        var body = new byte[size];
        for (var i = 0; i < size; i++)
        {
            body[i] = At(id, i);
        }

        return body;
    }

    /// <summary>Whether these are the first bytes of the request's body.</summary>
    public static bool Begins(long id, ReadOnlySpan<byte> bytes)
    {
        for (var i = 0; i < bytes.Length; i++)
        {
            if (bytes[i] != At(id, i))
            {
                return false;
            }
        }

        return true;
    }

    private static byte At(long id, int position) => (byte)(((id * 2654435761) + (position * 40503L)) >> 7);
}
