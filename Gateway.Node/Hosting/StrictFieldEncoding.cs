using System.Text;
using Gateway.Upstream;

namespace Gateway.Node.Hosting;

/// <summary>
/// Has Kestrel read two request fields as RFC 9110 means them; all others are Latin-1, byte for byte.
/// <para>Content-Length: it takes <c>+5</c> for 5; here what is not digits alone becomes a length that it refuses.</para>
/// <para>
/// Connection: where its fields hold exactly one of <c>close</c>, <c>keep-alive</c> and <c>Upgrade</c>, it forgets what else they name, and
/// <c>keep-alive, X-Named</c> would let X-Named through. Two of them it does not forget, and <c>close</c> beside <c>keep-alive</c> means
/// close; so a line that names a field gets the two, and costs its client the connection.
/// </para>
/// </summary>
internal sealed class StrictFieldEncoding : Encoding
{
    private const string Remembered = ", close, keep-alive";
    private const string Refused = "-";
    private const int MaxDigits = 19; // Of the largest long; Kestrel's buffer holds one more.

    private static readonly StrictFieldEncoding Connection = new(static text => NamesField(text) ? text + Remembered : text);
    private static readonly StrictFieldEncoding ContentLength = new(static text => IsLength(text) ? text : Refused);

    private readonly Func<string, string> _read;

    private StrictFieldEncoding(Func<string, string> read) => _read = read;

    /// <summary>The encoding of a request field, by its name.</summary>
    public static Encoding Of(string name) => name.Length switch
    {
        10 when name.Equals("Connection", StringComparison.OrdinalIgnoreCase) => Connection,
        14 when name.Equals("Content-Length", StringComparison.OrdinalIgnoreCase) => ContentLength,
        _ => Latin1,
    };

    public override int GetCharCount(byte[] bytes, int index, int count) => Read(bytes, index, count).Length;

    public override int GetChars(byte[] bytes, int byteIndex, int byteCount, char[] chars, int charIndex)
    {
        var text = Read(bytes, byteIndex, byteCount);
        text.CopyTo(0, chars, charIndex, text.Length);
        return text.Length;
    }

    public override int GetMaxCharCount(int byteCount) => byteCount + Remembered.Length;

    public override int GetByteCount(char[] chars, int index, int count) => Latin1.GetByteCount(chars, index, count);

    public override int GetBytes(char[] chars, int charIndex, int charCount, byte[] bytes, int byteIndex) =>
        Latin1.GetBytes(chars, charIndex, charCount, bytes, byteIndex);

    public override int GetMaxByteCount(int charCount) => charCount;

    private static bool IsLength(string text) => text.Length is > 0 and <= MaxDigits && !text.AsSpan().ContainsAnyExceptInRange('0', '9');

    /// <summary>Whether it names a field that is not dropped anyway.</summary>
    private static bool NamesField(ReadOnlySpan<char> options)
    {
        foreach (var range in options.Split(','))
        {
            var option = options[range].Trim().ToString();
            if (option.Length > 0 && !option.Equals("close", StringComparison.OrdinalIgnoreCase) && !HopByHop.Contains(option))
            {
                return true;
            }
        }

        return false;
    }

    private string Read(byte[] bytes, int index, int count) => _read(Latin1.GetString(bytes, index, count));
}
