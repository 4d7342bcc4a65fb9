using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Gateway.Upstream.Http2;

/// <summary>
/// The fields named by an answer's Connection fields, parsed once for all its fields. Allocates only if there are any, which is
/// rare. Check <see cref="TooMany"/> first.
/// </summary>
internal readonly struct NamedFields
{
    /// <summary>
    /// The maximum number of members in an answer's Connection fields, empty ones included. Real answers have only a few.
    /// </summary>
    public const int MaxMembers = 64;

    private readonly List<string>? _names;

    private NamedFields(List<string>? names) => _names = names;

    /// <summary>Parses the values of the Connection fields.</summary>
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

    /// <summary>Whether the list is longer than any real use, so that parsing it would only waste time.</summary>
    public static bool TooMany(StringValues connection)
    {
        var members = connection.Count;
        foreach (var value in connection)
        {
            members += value.AsSpan().Count(',');
        }

        return members > MaxMembers;
    }

    /// <summary>Whether a field is among them.</summary>
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

    /// <summary>Whether it is a connection option and not the name of a field that would be passed on.</summary>
    private static bool IsOption(ReadOnlySpan<char> member) =>
        member.Equals("keep-alive", StringComparison.OrdinalIgnoreCase)
        || member.Equals("close", StringComparison.OrdinalIgnoreCase)
        || member.Equals(HeaderNames.Upgrade, StringComparison.OrdinalIgnoreCase);
}
