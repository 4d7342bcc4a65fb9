namespace Gateway.Node.Sample;

/// <summary>The properties of one answer: the flags, overridden by the request's query.</summary>
/// <param name="Size">The bytes of the body; 0 for the echo.</param>
/// <param name="Chunked">Without Content-Length.</param>
/// <param name="EchoBody">The request's body, streamed, instead of a description of the request.</param>
internal readonly record struct AnswerShape(
    TimeSpan Delay,
    TimeSpan Jitter,
    double ErrorRate,
    int Status,
    long Size,
    bool Chunked,
    bool EchoBody)
{
    /// <summary>Reads the query; unknown parameters are ignored.</summary>
    /// <param name="fault">The parameter, its value and the allowed values, if the result is null.</param>
    public static AnswerShape? Read(SampleBackendOptions defaults, IQueryCollection query, out string? fault)
    {
        fault = null;
        var delay = Number(query, Allowed.DelayMs, ref fault);
        var jitter = Number(query, Allowed.JitterMs, ref fault);
        var errors = Number(query, Allowed.ErrorRate, ref fault);
        var status = Number(query, Allowed.Status, ref fault);
        var size = Number(query, Allowed.Size, ref fault);
        var chunked = Word(query, "chunked", ["false", "true"], ref fault);
        var echo = Word(query, "echo", ["request", "body"], ref fault);
        return fault is not null ? null : new AnswerShape(
            delay is { } d ? TimeSpan.FromMilliseconds(d) : defaults.Delay,
            jitter is { } j ? TimeSpan.FromMilliseconds(j) : defaults.Jitter,
            errors ?? defaults.ErrorRate,
            (int?)status ?? defaults.Status,
            (long?)size ?? defaults.Size,
            chunked == 1,
            echo == 1);
    }

    /// <summary>A number in the query; null if absent.</summary>
    public static double? Number(IQueryCollection query, Allowed allowed, ref string? fault)
    {
        if (!query.TryGetValue(allowed.Name, out var text))
        {
            return null;
        }

        if (allowed.TryParse(text.ToString(), out var value))
        {
            return value;
        }

        fault ??= $"{allowed.Name}={text}: must be {allowed}";
        return null;
    }

    private static int Word(IQueryCollection query, string name, string[] words, ref string? fault)
    {
        var index = query.TryGetValue(name, out var text) ? Array.IndexOf(words, text.ToString()) : 0;
        if (index < 0)
        {
            fault ??= $"{name}={text}: must be {string.Join(" or ", words)}";
        }

        return index;
    }
}
