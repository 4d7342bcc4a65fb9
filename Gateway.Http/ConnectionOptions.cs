using System.Text;

namespace Gateway.Http;

/// <summary>
/// The options in the Connection fields of one head. Parsed once, and bounded: a field with thousands of options is rejected.
/// </summary>
public struct ConnectionOptions
{
    private const int MaxOptions = 64;

    /// <summary>The number of options, empty ones included.</summary>
    private int _count;

    public bool Close { get; private set; }

    public bool KeepAlive { get; private set; }

    public bool Upgrade { get; private set; }

    /// <summary>Whether it names fields to drop.</summary>
    public bool NamesFields { get; private set; }

    /// <summary>Adds a Connection field.</summary>
    public HttpFault Add(ReadOnlySpan<byte> value)
    {
        foreach (var range in value.Split((byte)','))
        {
            if (++_count > MaxOptions)
            {
                return HttpFault.TooManyOptions;
            }

            var option = Octets.Trim(value[range]);
            switch (option.Length)
            {
                case 0:
                    break;
                case 5 when Ascii.EqualsIgnoreCase(option, "close"u8):
                    Close = true;
                    break;
                case 7 when Ascii.EqualsIgnoreCase(option, "upgrade"u8):
                    Upgrade = true;
                    break;
                case 10 when Ascii.EqualsIgnoreCase(option, "keep-alive"u8):
                    KeepAlive = true;
                    break;
                default:
                    NamesFields = true;
                    break;
            }
        }

        return HttpFault.None;
    }
}
