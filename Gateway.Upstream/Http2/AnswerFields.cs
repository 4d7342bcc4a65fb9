using System.Globalization;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Gateway.Upstream.Http2;

/// <summary>What an answer's head says to the client, and where it says that its body ends.</summary>
internal static class AnswerFields
{
    /// <summary>
    /// Whether all readers agree on what the answer is: not with two lengths, one that is not a number, or a reset with content. Nor is it well formed
    /// with a Connection field, which HTTP/2 does not have, longer than anybody needs.
    /// </summary>
    /// <param name="length">The length that is announced, in bytes; null: none.</param>
    public static bool IsWellFormed(HttpResponseMessage answer, out long? length)
    {
        length = null;
        if (answer.Content.Headers.NonValidated.TryGetValues(HeaderNames.ContentLength, out var lengths))
        {
            if (lengths.Count != 1 || !long.TryParse(lengths.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var bytes))
            {
                return false;
            }

            length = bytes;
        }

        return !NamedFields.TooMany(OptionsOf(answer))
            && (int)answer.StatusCode >= StatusCodes.Status200OK
            && ((int)answer.StatusCode != StatusCodes.Status205ResetContent || length is null or 0);
    }

    /// <summary>Whether the answer has no body, whatever is announced.</summary>
    public static bool IsBodiless(HttpResponseMessage answer, string method) =>
        (int)answer.StatusCode is StatusCodes.Status204NoContent or StatusCodes.Status304NotModified || HttpMethods.IsHead(method);

    /// <summary>Gives the client status and fields; false when one of them cannot be passed on.</summary>
    public static bool TryCopy(HttpResponseMessage answer, HttpResponse client, string via)
    {
        var named = NamedFields.Of(OptionsOf(answer)); // Once for all fields.
        try
        {
            client.StatusCode = (int)answer.StatusCode;
            Copy(answer.Headers.NonValidated, client.Headers, named);
            Copy(answer.Content.Headers.NonValidated, client.Headers, named);
        }
        catch (InvalidOperationException)
        {
            return false; // A control character, which the server does not let through.
        }

        if (client.StatusCode == StatusCodes.Status204NoContent)
        {
            client.Headers.ContentLength = null; // RFC 9110 8.6: there is none, whatever the endpoint says.
        }

        client.Headers.Append(HeaderNames.Via, $"2.0{via.AsSpan(via.IndexOf(' ', StringComparison.Ordinal))}");
        return true;
    }

    /// <summary>What goes on of the fields behind the body.</summary>
    public static IEnumerable<(string Name, StringValues Values)> TrailersOf(HttpResponseMessage answer)
    {
        foreach (var (name, values) in answer.TrailingHeaders.NonValidated)
        {
            if (!HopByHop.Contains(name) && !ClientFields.IsFraming(name))
            {
                yield return (name, ToStringValues(values));
            }
        }
    }

    private static void Copy(HttpHeadersNonValidated from, IHeaderDictionary to, NamedFields named)
    {
        foreach (var (name, values) in from)
        {
            if (!HopByHop.Contains(name) && !named.Contain(name))
            {
                to[name] = ToStringValues(values); // Append would leave out an empty value.
            }
        }
    }

    private static StringValues OptionsOf(HttpResponseMessage answer) =>
        answer.Headers.NonValidated.TryGetValues(HeaderNames.Connection, out var options) ? ToStringValues(options) : StringValues.Empty;

    private static StringValues ToStringValues(HeaderStringValues values) =>
        values.Count == 1 ? new(values.ToString()) : new([.. values]);
}
