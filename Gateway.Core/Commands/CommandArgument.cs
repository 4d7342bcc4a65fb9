using System.Collections.Immutable;

namespace Gateway.Core.Commands;

/// <summary>One argument of a command.</summary>
/// <param name="Name">The name handlers look it up by, and its placeholder in the help.</param>
/// <param name="Switch">The switch before its value: <c>-p</c>.</param>
/// <param name="Description">One line.</param>
public sealed record CommandArgument(string Name, string Switch, string Description)
{
    /// <summary>Separates the values of a repeated argument; no value contains it.</summary>
    public const char Separator = '\n';

    public bool Mandatory { get; init; }

    /// <summary>Whether a word without a switch can be its value: such words fill the command's positional arguments in order.</summary>
    public bool Positional { get; init; }

    /// <summary>Whether the switch takes no value and means <c>true</c>.</summary>
    public bool Flag { get; init; }

    /// <summary>Whether it may be given several times; the values are joined by <see cref="Separator"/>.</summary>
    public bool Repeats { get; init; }

    /// <summary>The default value; null if none.</summary>
    public string? Default { get; init; }

    /// <summary>The values allowed; empty for any.</summary>
    public ImmutableArray<string> Values { get; init; } = [];

    /// <summary>The kind of names its values are, for shell completion.</summary>
    public ArgumentKind Kind { get; init; }

    /// <summary><c>[-p pool]</c>, <c>&lt;id&gt;</c>.</summary>
    public string Usage => (Positional, Flag, Mandatory) switch
    {
        (true, _, true) => $"<{Name}>",
        (true, _, false) => $"[{Name}]",
        (_, true, _) => $"[{Switch}]",
        (_, _, true) => $"{Switch} <{Name}>",
        _ => $"[{Switch} {Name}]{(Repeats ? "..." : "")}",
    };
}

/// <summary>The kind of names that an argument takes.</summary>
public enum ArgumentKind
{
    Text,
    Number,
    Endpoint,
    Pool,
    Replica,
}
