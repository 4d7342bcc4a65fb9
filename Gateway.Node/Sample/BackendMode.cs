using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;

namespace Gateway.Node.Sample;

/// <summary>How a sample backend behaves. No mode affects the control paths under <c>/-/</c>.</summary>
public enum BackendMode
{
    /// <summary>By its flags and the request's query.</summary>
    Well,

    /// <summary>503 on everything: both probes and traffic detect it.</summary>
    Sick,

    /// <summary>Like <see cref="Well"/>, but <c>/health</c> answers <c>X-Health: degraded</c>.</summary>
    Degraded,

    /// <summary>503 on everything except <c>/health</c>: only traffic detects it.</summary>
    Failing,

    /// <summary>Takes requests and answers none, including <c>/health</c>, until the mode changes or the client leaves.</summary>
    Hang,

    /// <summary>Delays every answer except that of <c>/health</c>.</summary>
    Slow,

    /// <summary>Resets the connection instead of answering, including <c>/health</c>.</summary>
    Reset,

    /// <summary>Answers with bytes that are not HTTP and closes, including <c>/health</c>.</summary>
    Garbage,

    /// <summary>Announces a body, sends half of it and closes, including <c>/health</c>.</summary>
    HalfClose,
}

/// <summary>The names of the modes in queries and answers: <c>well</c>, <c>half-close</c>, ...</summary>
public static class BackendModeNames
{
    private static readonly FrozenDictionary<string, BackendMode> ByName = Enum.GetValues<BackendMode>()
        .ToFrozenDictionary(Name, StringComparer.Ordinal);

    /// <summary>All names, in the order of the enumeration.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Enum.GetValues<BackendMode>().Select(Name)];

    public static bool TryParse([NotNullWhen(true)] string? name, out BackendMode mode)
    {
        mode = default;
        return name is not null && ByName.TryGetValue(name, out mode);
    }

    public static string Name(this BackendMode mode) => mode switch
    {
        BackendMode.Well => "well",
        BackendMode.Sick => "sick",
        BackendMode.Degraded => "degraded",
        BackendMode.Failing => "failing",
        BackendMode.Hang => "hang",
        BackendMode.Slow => "slow",
        BackendMode.Reset => "reset",
        BackendMode.Garbage => "garbage",
        BackendMode.HalfClose => "half-close",
        _ => throw new ArgumentOutOfRangeException(nameof(mode), mode, null),
    };
}
