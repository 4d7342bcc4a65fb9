using System.Globalization;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Gateway.Upstream.Http2;

/// <summary>Validates the head of an answer, and selects the trailers to pass on.</summary>
internal static class AnswerFields
{
    /// <summary>
    /// Whether the answer is unambiguous: it has at most one valid length, and no content if it is a 205 (Reset Content). It must not have an
    /// excessively long Connection field either, which HTTP/2 does not have at all.
    /// </summary>
    /// <param name="length">The announced length in bytes; null if none.</param>
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

    /// <summary>Whether the answer has no body, whatever its head announces.</summary>
    public static bool IsBodiless(HttpResponseMessage answer, string method) =>
        (int)answer.StatusCode is StatusCodes.Status204NoContent or StatusCodes.Status304NotModified || method == "HEAD";

    /// <summary>Returns the trailers to pass on.</summary>
    public static IEnumerable<(string Name, StringValues Values)> TrailersOf(HttpResponseMessage answer)
    {
        foreach (var (name, values) in answer.TrailingHeaders.NonValidated)
        {
            if (!HopByHop.Contains(name) && !HopByHop.IsFraming(name))
            {
                yield return (name, ToStringValues(values));
            }
        }
    }

    private static StringValues OptionsOf(HttpResponseMessage answer) =>
        answer.Headers.NonValidated.TryGetValues(HeaderNames.Connection, out var options) ? ToStringValues(options) : StringValues.Empty;

    private static StringValues ToStringValues(HeaderStringValues values) =>
        values.Count == 1 ? new(values.ToString()) : new([.. values]);
}
