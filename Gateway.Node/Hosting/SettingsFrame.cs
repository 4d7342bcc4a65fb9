namespace Gateway.Node.Hosting;

/// <summary>
/// The SETTINGS frame that an HTTP/2 connection begins with, as it is written piece by piece: a head of 9 bytes, whose first three are the length,
/// then 6 bytes for each setting, an identifier (2) and a value (4), all in network order (RFC 9113 6.5).
/// </summary>
internal sealed class SettingsFrame
{
    /// <summary>SETTINGS_ENABLE_CONNECT_PROTOCOL (RFC 8441 3). 0, the value that it has when it is not sent: not supported.</summary>
    public const int EnableConnectProtocol = 8;

    private const int HeadLength = 9;
    private const int SettingLength = 6;
    private const int IdentifierLength = 2;
    private const byte SettingsType = 4;
    private const int TypeAt = 3;

    private int _position;
    private int _length;
    private int _identifier;

    /// <summary>Whether the whole frame has been written, or it is another one.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Sets a setting to 0, where the next piece of the frame has it. What follows the frame in it is left alone.</summary>
    public void Withhold(int identifier, Span<byte> piece)
    {
        foreach (ref var octet in piece)
        {
            if (IsOver)
            {
                return;
            }

            if (_position < HeadLength)
            {
                ReadHead(octet);
            }
            else
            {
                ReadSetting(identifier, ref octet);
            }

            _position++;
            IsOver |= _position >= HeadLength && _position == HeadLength + _length;
        }
    }

    private void ReadHead(byte octet)
    {
        if (_position < TypeAt)
        {
            _length = (_length << 8) | octet;
        }
        else if (_position == TypeAt)
        {
            IsOver = octet != SettingsType;
        }
    }

    private void ReadSetting(int identifier, ref byte octet)
    {
        var at = (_position - HeadLength) % SettingLength;
        if (at < IdentifierLength)
        {
            _identifier = at == 0 ? octet : (_identifier << 8) | octet;
        }
        else if (_identifier == identifier)
        {
            octet = 0;
        }
    }
}
