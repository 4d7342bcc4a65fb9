namespace Gateway.Rig.Churning;

/// <summary>The body that belongs to a request: each byte follows from the request's id and its own position, so bytes of another request or out of order show.</summary>
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

    /// <summary>Whether these are the first bytes of that request's body.</summary>
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
