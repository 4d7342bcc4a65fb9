using System.Collections.Immutable;
using System.Text;

namespace Gateway.Node.Routing;

/// <summary>A route's changes to the fields of a head, prepared. Immutable; allocates nothing.</summary>
internal sealed class FieldEdit
{
    private readonly ImmutableArray<byte[]> _dropped;
    private readonly byte[] _lines;

    private FieldEdit(FieldChanges changes)
    {
        _dropped = [.. changes.Remove.Concat(changes.Set.Select(line => line.Name)).Distinct(StringComparer.OrdinalIgnoreCase).Select(Encoding.ASCII.GetBytes)];
        _lines = Encoding.ASCII.GetBytes(string.Concat(changes.Set.Concat(changes.Add).Select(line => $"{line.Name}: {line.Value}\r\n")));
    }

    /// <summary>The lines to set and add, with their ends.</summary>
    public ReadOnlySpan<byte> Lines => _lines;

    /// <summary>null if there are no changes.</summary>
    public static FieldEdit? Of(FieldChanges changes) =>
        changes.Set.IsEmpty && changes.Add.IsEmpty && changes.Remove.IsEmpty ? null : new(changes);

    /// <summary>Whether an existing field is removed.</summary>
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
