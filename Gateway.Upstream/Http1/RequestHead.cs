using Microsoft.AspNetCore.Http;

namespace Gateway.Upstream.Http1;

/// <summary>A request as it goes to an endpoint, ready to be written.</summary>
/// <param name="Target">Path and query, or <c>*</c>, sent byte for byte.</param>
/// <param name="Host">The Host field.</param>
/// <param name="Client">The client's fields, of which those are left out that do not go on.</param>
/// <param name="Own">The fields that say who forwarded it.</param>
/// <param name="Framing">The body's: none, a length (0 is said, as POST needs it), or chunked.</param>
/// <param name="ExpectsContinue">Asks the endpoint for a word before the body is sent.</param>
internal readonly record struct RequestHead(
    string Method, string Target, string Host, IHeaderDictionary Client, ForwardedFields Own, BodyFraming Framing, bool ExpectsContinue = false);
