using System.Collections.Immutable;

namespace Gateway.Core.Commands;

/// <summary>One argument of a command.</summary>
/// <param name="Name">What handlers know it by, and what stands for its value in the help.</param>
/// <param name="Switch">What stands before its value: <c>-p</c>.</param>
/// <param name="Description">One line.</param>
public sealed record CommandArgument(string Name, string Switch, string Description)
{
    /// <summary>No value has it in it.</summary>
    public const char Separator = '\n';

    public bool Mandatory { get; init; }

    /// <summary>Whether a word without a switch is its value: the command's first such argument that has none yet takes it.</summary>
    public bool Positional { get; init; }

    /// <summary>Whether the switch stands alone and means <c>true</c>.</summary>
    public bool Flag { get; init; }

    /// <summary>Whether it may be given several times: its values then stand behind each other, with <see cref="Separator"/> between them.</summary>
    public bool Repeats { get; init; }

    /// <summary>Its value when not given; null: none.</summary>
    public string? Default { get; init; }

    /// <summary>The values allowed; empty: any.</summary>
    public ImmutableArray<string> Values { get; init; } = [];

    /// <summary>What its values are the names of, so that a shell can offer them.</summary>
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

/// <summary>What the values of an argument name.</summary>
public enum ArgumentKind
{
    Text,
    Number,
    Endpoint,
    Pool,
    Replica,
}
