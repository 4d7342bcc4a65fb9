using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;

namespace Gateway.Node.Sample;

/// <summary>How a sample backend behaves. None of them touches the control paths under <c>/-/</c>.</summary>
public enum BackendMode
{
    /// <summary>As its flags and the request's query say.</summary>
    Well,

    /// <summary>503 on everything: probes and traffic both find it.</summary>
    Sick,

    /// <summary>As <see cref="Well"/>, but <c>/health</c> says <c>X-Health: degraded</c>.</summary>
    Degraded,

    /// <summary>503 on everything but <c>/health</c>: only traffic finds it.</summary>
    Failing,

    /// <summary>Takes requests and answers none, <c>/health</c> neither, until the mode changes or the client leaves.</summary>
    Hang,

    /// <summary>Every answer but that of <c>/health</c> comes later.</summary>
    Slow,

    /// <summary>Resets the connection instead of answering, <c>/health</c> too.</summary>
    Reset,

    /// <summary>Answers with bytes that are not HTTP and closes, <c>/health</c> too.</summary>
    Garbage,

    /// <summary>Announces a body, sends half of it and closes, <c>/health</c> too.</summary>
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
