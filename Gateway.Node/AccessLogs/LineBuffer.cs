using System.Globalization;
using System.Text;

namespace Gateway.Node.AccessLogs;

/// <summary>A reusable buffer of lines, written one after another.</summary>
internal sealed class LineBuffer
{
    private const int Usual = 64 * 1024;

    /// <summary>An upper bound of the size of a number or time.</summary>
    private const int Number = 32;

    private byte[] _bytes = new byte[Usual];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    public void Clear() => Length = 0;

    public void Add(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Room(bytes.Length));
        Length += bytes.Length;
    }

    public void Add(byte octet)
    {
        Room(1)[0] = octet;
        Length++;
    }

    /// <summary>Adds text without characters to escape.</summary>
    public void Add(string text) => Length += Encoding.UTF8.GetBytes(text, Room(3 * text.Length));

    public void Add(long number)
    {
        number.TryFormat(Room(Number), out var written, provider: CultureInfo.InvariantCulture);
        Length += written;
    }

    /// <summary>Adds milliseconds with three decimals.</summary>
    public void Add(TimeSpan duration)
    {
        var microseconds = Math.Max(0, duration.Ticks / TimeSpan.TicksPerMicrosecond); // In integers: a tenth of the cost of floating point.
        Add(microseconds / 1000);
        Add((byte)'.');
        AddThree((int)(microseconds % 1000));
    }

    public void Add(DateTimeOffset time, string format)
    {
        time.TryFormat(Room(2 * Number), out var written, format, CultureInfo.InvariantCulture);
        Length += written;
    }

    /// <summary>Adds three digits.</summary>
    public void AddThree(int number)
    {
        var room = Room(3);
        (room[0], room[1], room[2]) = ((byte)('0' + (number / 100)), (byte)('0' + (number / 10 % 10)), (byte)('0' + (number % 10)));
        Length += 3;
    }

    /// <summary>Adds a formattable value of at most 64 bytes.</summary>
    public void Add<T>(T value)
        where T : IUtf8SpanFormattable
    {
        value.TryFormat(Room(2 * Number), out var written, default, CultureInfo.InvariantCulture);
        Length += written;
    }

    private Span<byte> Room(int bytes)
    {
        if (Length + bytes > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(2 * _bytes.Length, Length + bytes));
        }

        return _bytes.AsSpan(Length);
    }
}
