using System.Text;

namespace Gateway.Http;

/// <summary>What the Connection fields of one head say. Parsed once, and bounded: a field of thousands of options is refused.</summary>
public struct ConnectionOptions
{
    private const int Most = 64;

    /// <summary>Options in all, empty ones too.</summary>
    private int _count;

    public bool Close { get; private set; }

    public bool KeepAlive { get; private set; }

    public bool Upgrade { get; private set; }

    /// <summary>Whether it names fields that are to be dropped.</summary>
    public bool NamesFields { get; private set; }

    /// <summary>Takes in one more Connection field.</summary>
    public HttpFault Add(ReadOnlySpan<byte> value)
    {
        foreach (var range in value.Split((byte)','))
        {
            if (++_count > Most)
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
