using System.Text;

namespace Gateway.Http;

/// <summary>Finds the value of a field by name.</summary>
public static class FieldText
{
    /// <summary>Finds the first field with a name, ignoring case.</summary>
    public static bool TryFind(FieldSection fields, ReadOnlySpan<byte> head, ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        value = [];
        foreach (ref readonly var field in fields.All)
        {
            if (field.NameLength == name.Length && Ascii.EqualsIgnoreCase(field.NameIn(head), name))
            {
                value = field.ValueIn(head);
                return true;
            }
        }

        return false;
    }
}
