using System.Collections.Frozen;
using Gateway.Http;

namespace Gateway.Node.Engine;

/// <summary>Refusals of requests whose httpcg URL is invalid, or missing where one is required.</summary>
internal static class HttpcgProblems
{
    /// <summary>For the access log.</summary>
    private const string Reason = "httpcg-url";

    private static readonly FrozenDictionary<HttpcgFault, Problem> Faults = Enum.GetValues<HttpcgFault>().ToFrozenDictionary(
        fault => fault, fault => BadUrl(HttpcgFaults.TextOf(fault)));

    private static readonly FrozenDictionary<HttpcgPlane, Problem> NoPlanes = HttpcgPlanes.All.ToFrozenDictionary(
        plane => plane, plane => Problem.NoRoute with { Detail = $"no route for the plane {HttpcgPlanes.TextOf(plane)}" });

    private static readonly FrozenDictionary<HttpcgPlane, Problem> NoMatches = HttpcgPlanes.All.ToFrozenDictionary(
        plane => plane, plane => Problem.NoRoute with { Detail = $"no route for the plane {HttpcgPlanes.TextOf(plane)} matches this request" });

    public static readonly Problem Repeated = Bad("the request has more than one X-Httpcg-Url field");

    public static readonly Problem InTwoPlaces = Bad("the request has more than one httpcg URL in its target, its path and X-Httpcg-Url");

    public static readonly Problem FieldWithoutPath = Bad("X-Httpcg-Url requires a path as the request target");

    public static readonly Problem NotListening = Bad("httpcg URLs as request targets are accepted only at --httpcg-addr");

    public static readonly Problem Disguised = Bad("the path leads to /httpcg/ by dot segments, encoded characters, doubled slashes or an absolute URL");

    public static readonly Problem Missing = Bad("this address accepts only httpcg URLs: as the target, as the path /httpcg/plane/authority/path, or in X-Httpcg-Url");

    public static readonly Problem Fragment = BadUrl("a request target must not have a fragment");

    public static readonly Problem TooLong = new(StatusCodes.Status414UriTooLong, "http_request_error", "the httpcg URL is too long", Reason: Reason);

    public static Problem Of(HttpcgFault fault) => Faults[fault];

    /// <summary>For a URL with an invalid path.</summary>
    public static Problem BadUrl(string fault) => Bad($"the httpcg URL is not valid: {fault}");

    /// <summary>For a request that matches no route.</summary>
    /// <param name="isServed">Whether any route serves its plane.</param>
    public static Problem NoRoute(HttpcgPlane plane, bool isServed) => (isServed ? NoMatches : NoPlanes)[plane];

    private static Problem Bad(string detail) => new(StatusCodes.Status400BadRequest, "http_request_error", detail, Reason: Reason);
}
