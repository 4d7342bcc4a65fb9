using System.Globalization;
using System.Text;

namespace Gateway.Node.Engine;

/// <summary>Writes bytes one after another. The caller ensures that there is room.</summary>
internal ref struct ByteWriter(Span<byte> room)
{
    private readonly Span<byte> _room = room;

    public int Length { get; private set; }

    public void Write(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_room[Length..]);
        Length += bytes.Length;
    }

    /// <summary>Writes text of ASCII or Latin-1 characters.</summary>
    public void Write(string text) => Length += Encoding.Latin1.GetBytes(text, _room[Length..]);

    public void Write(long number)
    {
        number.TryFormat(_room[Length..], out var digits, provider: CultureInfo.InvariantCulture);
        Length += digits;
    }

    public void WriteHex(int number)
    {
        number.TryFormat(_room[Length..], out var digits, "x", CultureInfo.InvariantCulture);
        Length += digits;
    }
}
