using System.Text;
using Gateway.Http;
using Gateway.Http.Http2;

namespace Gateway.Node.Engine.Http2;

/// <summary>The pseudo-header fields of a request (RFC 9113 8.3.1), by their index in its block. They come first, each once, and no others.</summary>
internal struct PseudoFields
{
    private int _seen;
    private HeaderField _scheme;

    public HeaderField Method { get; private set; }

    public HeaderField Path { get; private set; }

    public HeaderField Authority { get; private set; }

    public HeaderField Protocol { get; private set; }

    public readonly bool HasPath => Has(PseudoField.Path);

    public readonly bool HasAuthority => Has(PseudoField.Authority);

    public readonly bool HasProtocol => Has(PseudoField.Protocol);

    /// <param name="scheme">The required scheme.</param>
    /// <param name="first">The index of the first field after them.</param>
    public HttpFault Take(HeaderBlock block, string scheme, out int first)
    {
        var fields = block.Fields;
        for (first = 0; first < fields.Length && fields[first].Pseudo != PseudoField.None; first++)
        {
            var field = fields[first];
            if (field.Pseudo is PseudoField.Status or PseudoField.Unknown || Has(field.Pseudo))
            {
                return HttpFault.BadRequestLine;
            }

            _seen |= 1 << (int)field.Pseudo;
            switch (field.Pseudo)
            {
                case PseudoField.Method:
                    Method = field;
                    break;
                case PseudoField.Scheme:
                    _scheme = field;
                    break;
                case PseudoField.Path:
                    Path = field;
                    break;
                case PseudoField.Authority:
                    Authority = field;
                    break;
                default:
                    Protocol = field;
                    break;
            }
        }

        return Judge(block.Text, scheme) ? HttpFault.None : HttpFault.BadRequestLine;
    }

    private readonly bool Judge(ReadOnlySpan<byte> text, string scheme)
    {
        var method = Method.ValueIn(text);
        var isConnect = method.SequenceEqual("CONNECT"u8);
        if (isConnect && !HasProtocol)
        {
            return HasAuthority && !Has(PseudoField.Scheme) && !HasPath; // RFC 9113 8.5.
        }

        return !method.IsEmpty && (!HasProtocol || (isConnect && HasAuthority)) && Has(PseudoField.Scheme) && HasPath &&
            Ascii.EqualsIgnoreCase(_scheme.ValueIn(text), scheme) && IsTarget(Path.ValueIn(text), method);
    }

    private static bool IsTarget(ReadOnlySpan<byte> path, ReadOnlySpan<byte> method) =>
        path is [(byte)'/', ..] || (path is [(byte)'*'] && method.SequenceEqual("OPTIONS"u8));

    private readonly bool Has(PseudoField which) => (_seen >> (int)which & 1) != 0;
}
