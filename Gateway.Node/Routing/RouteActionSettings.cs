using System.Collections.Immutable;

namespace Gateway.Node.Routing;

/// <summary>How the path changes on its way to the backend; the query stays. Exactly one of the three.</summary>
/// <param name="StripPrefix">The route's path prefix is taken off: <c>/api/x</c> becomes <c>/x</c>.</param>
/// <param name="ReplacePrefix">What stands for the route's path prefix: with <c>/v2</c>, <c>/api/x</c> becomes <c>/v2/x</c>.</param>
/// <param name="Path">The path, in which <c>{name}</c> stands for a parameter of the route's path.</param>
public sealed record RewriteSettings(bool StripPrefix = false, string? ReplacePrefix = null, string? Path = null);

/// <summary>What is done to the fields of a head. Removed first, then set, then added.</summary>
public sealed record FieldChanges
{
    public static FieldChanges None { get; } = new();

    /// <summary>Each is there once, with this value, whatever was there before.</summary>
    public ImmutableArray<FieldLine> Set { get; init; } = [];

    /// <summary>Each is there beside what was there before.</summary>
    public ImmutableArray<FieldLine> Add { get; init; } = [];

    /// <summary>Names; case does not matter.</summary>
    public ImmutableArray<string> Remove { get; init; } = [];
}

/// <summary>One field line.</summary>
public sealed record FieldLine(string Name, string Value);

/// <summary>An answer that sends the client elsewhere.</summary>
/// <param name="Location">
/// A path, or an http or https URL. In it <c>{host}</c>, <c>{path}</c>, <c>{query}</c> (with its question mark), <c>{rest}</c> (what follows the route's
/// prefix) and the parameters of the route's path stand for what the request has.
/// </param>
/// <param name="Status">301, 302, 303, 307 or 308. Default 308.</param>
public sealed record RedirectSettings(string Location, int Status = StatusCodes.Status308PermanentRedirect);

/// <summary>An answer of the gateway's own.</summary>
/// <param name="Status">200 to 599. Default 200.</param>
/// <param name="ContentType">Default plain text in UTF-8.</param>
/// <param name="Body">Default none.</param>
public sealed record AnswerSettings(int Status = StatusCodes.Status200OK, string ContentType = AnswerSettings.PlainText, string Body = "")
{
    public const string PlainText = "text/plain; charset=utf-8";
}
