using System.Globalization;
using System.Text;
using Gateway.Http;

namespace Gateway.Fuzz.Engine;

/// <summary>The identity of a message, from its head.</summary>
/// <param name="Id">The mark; empty: none.</param>
/// <param name="Length">The bytes of the body if the message was not mutated; otherwise -1.</param>
internal readonly record struct HeadFields(string Id, int Length)
{
    public bool IsPlain => Length >= 0;

    public static HeadFields Of(FieldSection fields, ReadOnlySpan<byte> head)
    {
        var (id, length, isPlain) = ("", 0, false);
        foreach (ref readonly var field in fields.All)
        {
            var name = field.NameIn(head);
            if (Ascii.EqualsIgnoreCase(name, Identity.IdField))
            {
                id = Encoding.Latin1.GetString(field.ValueIn(head));
            }
            else if (Ascii.EqualsIgnoreCase(name, Identity.PlainField))
            {
                isPlain = true;
            }
            else if (Ascii.EqualsIgnoreCase(name, Identity.LengthField))
            {
                _ = int.TryParse(field.ValueIn(head), NumberStyles.None, CultureInfo.InvariantCulture, out length);
            }
        }

        return new(id, isPlain ? length : -1);
    }
}
