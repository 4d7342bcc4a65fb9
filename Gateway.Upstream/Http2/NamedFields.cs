using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Gateway.Upstream.Http2;

/// <summary>
/// The fields that an answer's Connection fields name, read once for all its fields. Allocates only where there are any, which is
/// rare. Whoever reads them has made sure by <see cref="TooMany"/> that they are few.
/// </summary>
internal readonly struct NamedFields
{
    /// <summary>Members of an answer's Connection fields, empty ones among them. Nobody sends more than a handful.</summary>
    public const int MaxMembers = 64;

    private readonly List<string>? _names;

    private NamedFields(List<string>? names) => _names = names;

    /// <summary>Those that the values of the Connection fields name.</summary>
    public static NamedFields Of(StringValues connection)
    {
        List<string>? names = null;
        foreach (var value in connection)
        {
            if (value is not null && !IsOption(value))
            {
                Add(ref names, value);
            }
        }

        return new(names);
    }

    /// <summary>Whether the list is longer than anybody needs, so that reading it would only cost time.</summary>
    public static bool TooMany(StringValues connection)
    {
        var members = connection.Count;
        foreach (var value in connection)
        {
            members += value.AsSpan().Count(',');
        }

        return members > MaxMembers;
    }

    /// <summary>Whether this field is among them.</summary>
    public bool Contain(string field)
    {
        if (_names is not null)
        {
            foreach (var name in _names)
            {
                if (name.Equals(field, StringComparison.OrdinalIgnoreCase))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private static void Add(ref List<string>? names, ReadOnlySpan<char> list)
    {
        foreach (var range in list.Split(','))
        {
            var member = list[range].Trim(" \t");
            if (!member.IsEmpty && !IsOption(member))
            {
                (names ??= []).Add(member.ToString());
            }
        }
    }

    /// <summary>Whether it says something of the connection and names no field that would go on.</summary>
    private static bool IsOption(ReadOnlySpan<char> member) =>
        member.Equals("keep-alive", StringComparison.OrdinalIgnoreCase)
        || member.Equals("close", StringComparison.OrdinalIgnoreCase)
        || member.Equals(HeaderNames.Upgrade, StringComparison.OrdinalIgnoreCase);
}
