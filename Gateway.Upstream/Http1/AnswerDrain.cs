namespace Gateway.Upstream.Http1;

/// <summary>Takes in the rest of an answer that nobody wants, where that costs less than its connection.</summary>
internal static class AnswerDrain
{
    /// <summary>What is read of such a body at most, in bytes.</summary>
    private const int Limit = 16 * 1024;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>False when the body is longer than the limit, its end is not known, or it does not come in time.</summary>
    public static async ValueTask<bool> RunAsync(Http1Connection connection, BodyFraming framing, TransportClock clock)
    {
        if (framing.Kind == BodyKind.None)
        {
            return true;
        }

        if (framing.Kind != BodyKind.Length || framing.Bytes > Limit)
        {
            return false;
        }

        connection.SetDeadline(clock.Now + clock.Ticks(Patience));
        for (var left = framing.Bytes; left > 0;)
        {
            var taken = (int)Math.Min(left, connection.Input.Length);
            connection.Consume(taken);
            left -= taken;
            if (left > 0 && await connection.FillAsync(Limit) == 0)
            {
                return false;
            }
        }

        return true;
    }
}
