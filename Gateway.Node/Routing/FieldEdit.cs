using System.Collections.Immutable;
using System.Text;

namespace Gateway.Node.Routing;

/// <summary>What a route does to the fields of a head, ready to be done. Immutable; allocates nothing.</summary>
internal sealed class FieldEdit
{
    private readonly ImmutableArray<byte[]> _dropped;
    private readonly byte[] _lines;

    private FieldEdit(FieldChanges changes)
    {
        _dropped = [.. changes.Remove.Concat(changes.Set.Select(line => line.Name)).Distinct(StringComparer.OrdinalIgnoreCase).Select(Encoding.ASCII.GetBytes)];
        _lines = Encoding.ASCII.GetBytes(string.Concat(changes.Set.Concat(changes.Add).Select(line => $"{line.Name}: {line.Value}\r\n")));
    }

    /// <summary>The lines that are set and added, with their ends.</summary>
    public ReadOnlySpan<byte> Lines => _lines;

    /// <summary>null: nothing is to be done.</summary>
    public static FieldEdit? Of(FieldChanges changes) =>
        changes.Set.IsEmpty && changes.Add.IsEmpty && changes.Remove.IsEmpty ? null : new(changes);

    /// <summary>Whether a field that is there goes.</summary>
    public bool Drops(ReadOnlySpan<byte> name)
    {
        foreach (var dropped in _dropped)
        {
            if (dropped.Length == name.Length && Ascii.EqualsIgnoreCase(dropped, name))
            {
                return true;
            }
        }

        return false;
    }
}
