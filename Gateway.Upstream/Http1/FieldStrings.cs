using System.Text;

namespace Gateway.Upstream.Http1;

/// <summary>
/// The names and values that answers on one connection brought last, as strings: backends say nearly the same in every answer, so that
/// most fields need no new string. Direct-mapped by the name; what does not match takes the place.
/// </summary>
internal sealed class FieldStrings
{
    private const int Entries = 64;

    private readonly (string Name, string Value)[] _entries = new (string, string)[Entries];

    /// <summary>The name and the value, Latin-1 as on the wire.</summary>
    public (string Name, string Value) Of(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        ref var entry = ref _entries[IndexOf(name)];
        var (knownName, knownValue) = entry;
        if (knownName is null || !Ascii.Equals(name, knownName))
        {
            entry = (Encoding.Latin1.GetString(name), Encoding.Latin1.GetString(value));
        }
        else if (!Ascii.Equals(value, knownValue))
        {
            entry = (knownName, Encoding.Latin1.GetString(value));
        }

        return entry;
    }

    /// <summary>Length, first, middle and last byte tell the usual names apart.</summary>
    private static int IndexOf(ReadOnlySpan<byte> name) =>
        name.IsEmpty ? 0 : ((name.Length * 31) + (name[0] * 7) + (name[name.Length / 2] * 3) + name[^1]) & (Entries - 1);
}
