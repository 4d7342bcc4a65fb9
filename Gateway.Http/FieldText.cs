using System.Text;

namespace Gateway.Http;

/// <summary>The value of a field that decides something.</summary>
public static class FieldText
{
    /// <summary>The value of the first field of this name, whatever its case.</summary>
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
