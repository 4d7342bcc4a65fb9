using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;

namespace Gateway.Upstream.Http1;

/// <summary>
/// What one connection's answers say to the client, as the client's server takes it. Made anew only for a head that was read anew, and then
/// without new strings where the last one said the same.
/// </summary>
internal sealed class AnswerFields
{
    private readonly FieldStrings _strings = new();
    private readonly List<(string Name, StringValues Values)> _fields = [];
    private long _reading;
    private string _ofRequest = "";
    private long? _length;
    private string? _reason;
    private StringValues _via;

    /// <summary>Fills the client's answer, which has no fields yet, with status and fields.</summary>
    /// <param name="section">What the head was read from.</param>
    /// <param name="via">What the request's Via says of this gateway.</param>
    /// <param name="closeClient">The client still holds its body back: no other request can follow on its connection.</param>
    public void CopyTo(HttpContext context, ResponseHead head, ReadOnlySpan<byte> section, string via, bool closeClient)
    {
        if (_reading != head.Reading || _ofRequest != via)
        {
            Take(head, section, via);
        }

        var response = context.Response;
        var headers = response.Headers;
        response.StatusCode = head.Status;
        if (_reason is not null && context.Features.Get<IHttpResponseFeature>() is { } feature)
        {
            feature.ReasonPhrase = _reason;
        }

        foreach (var (name, values) in _fields)
        {
            headers[name] = values;
        }

        headers.Via = _via;
        if (_length is not null)
        {
            headers.ContentLength = _length;
        }

        if (closeClient)
        {
            headers.Connection = "close";
        }
    }

    private void Take(ResponseHead head, ReadOnlySpan<byte> section, string via)
    {
        (_reading, _ofRequest) = (head.Reading, via);
        (_length, _reason, _via) = (null, ReasonOf(head, section), default);
        _fields.Clear();
        foreach (ref readonly var field in head.Fields.All)
        {
            if (!field.EndToEnd)
            {
                continue;
            }

            if (field.Known == KnownField.ContentLength)
            {
                // A 204 has no body, whatever it says (RFC 9112 6.3).
                _length = head.Status == StatusCodes.Status204NoContent ? null : head.ContentLength;
                continue;
            }

            var (name, value) = _strings.Of(field.Name(section), field.Value(section));
            if (field.Known == KnownField.Via)
            {
                _via = StringValues.Concat(_via, value);
            }
            else
            {
                var usual = KnownFields.NameOf(field.Known); // The very string that the server looks for first.
                Add(name == usual ? usual : name, value);
            }
        }

        _via = StringValues.Concat(_via, ViaOf(head, via));
    }

    /// <summary>Fields of one name become one with all values, in their order.</summary>
    private void Add(string name, string value)
    {
        for (var i = 0; i < _fields.Count; i++)
        {
            if (_fields[i].Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                _fields[i] = (_fields[i].Name, StringValues.Concat(_fields[i].Values, value));
                return;
            }
        }

        _fields.Add((name, value));
    }

    /// <summary>Names the version that the endpoint spoke, where the request's Via names the client's.</summary>
    private static string ViaOf(ResponseHead head, string ofRequest)
    {
        var version = head.IsHttp11 ? "1.1" : "1.0";
        return ofRequest.StartsWith(version, StringComparison.Ordinal)
            ? ofRequest
            : $"{version}{ofRequest.AsSpan(ofRequest.IndexOf(' ', StringComparison.Ordinal))}";
    }

    /// <summary>The reason phrase; null when it is the usual one.</summary>
    private static string? ReasonOf(ResponseHead head, ReadOnlySpan<byte> section)
    {
        var reason = section.Slice(head.Reason.Start, head.Reason.Length);
        return Ascii.Equals(reason, ReasonPhrases.GetReasonPhrase(head.Status)) ? null : Encoding.Latin1.GetString(reason);
    }
}
