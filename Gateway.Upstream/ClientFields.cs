using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Gateway.Upstream;

/// <summary>Which of a client's fields go on to the endpoint (RFC 9110 7.6), whatever writes them.</summary>
internal static class ClientFields
{
    /// <summary>The fields that the Connection fields name, to be read once for all fields.</summary>
    public static NamedFields NamedBy(IHeaderDictionary client) => NamedFields.Of(client.Connection);

    /// <summary>Whether the field goes on as it is: neither for one connection only, nor one that the gateway writes itself.</summary>
    /// <param name="named">What <see cref="NamedBy"/> says.</param>
    public static bool GoesOn(string name, NamedFields named) => !IsOurs(name) && !HopByHop.Contains(name) && !named.Contain(name);

    /// <summary>Whether the field tells the body's length, which whoever sends the body says itself.</summary>
    public static bool IsFraming(string name) => name.Length == 14 && Is(name, HeaderNames.ContentLength);

    /// <summary>
    /// The Max-Forwards to send; null when there is none. It counts hops of OPTIONS and TRACE, here at most as far as an int goes, and
    /// means nothing elsewhere (RFC 9110 7.6.2).
    /// </summary>
    public static string? HopsOf(IHeaderDictionary client, string method) => client.MaxForwards switch
    {
        { Count: not 1 } => null,
        var hops when !HttpMethods.IsOptions(method) && !HttpMethods.IsTrace(method) => hops.ToString(),
        var hops when int.TryParse(hops, NumberStyles.None, CultureInfo.InvariantCulture, out var left) && left > 0
            => (left - 1).ToString(CultureInfo.InvariantCulture),
        var hops when hops.ToString().AsSpan().ContainsAnyExceptInRange('0', '9') => hops.ToString(),
        _ => int.MaxValue.ToString(CultureInfo.InvariantCulture),
    };

    private static bool IsOurs(string name) => name.Length switch
    {
        > 0 when name[0] == ':' => true,
        3 => Is(name, HeaderNames.Via),
        4 => Is(name, HeaderNames.Host),
        6 => Is(name, HeaderNames.Expect), // The client is told to go on when the endpoint's connection takes the body.
        9 => Is(name, "Forwarded"),
        12 => Is(name, HeaderNames.MaxForwards),
        15 => Is(name, "X-Forwarded-For"),
        16 => Is(name, "X-Forwarded-Host"),
        17 => Is(name, "X-Forwarded-Proto"),
        _ => false,
    };

    private static bool Is(string field, string name) => field.Equals(name, StringComparison.OrdinalIgnoreCase);
}
