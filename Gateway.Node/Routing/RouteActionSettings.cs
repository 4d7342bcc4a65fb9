using System.Collections.Immutable;

namespace Gateway.Node.Routing;

/// <summary>How the path changes on its way to the backend; the query stays. Exactly one of the three.</summary>
/// <param name="StripPrefix">Removes the route's path prefix: <c>/api/x</c> becomes <c>/x</c>.</param>
/// <param name="ReplacePrefix">Replaces the route's path prefix: with <c>/v2</c>, <c>/api/x</c> becomes <c>/v2/x</c>.</param>
/// <param name="Path">The new path; <c>{name}</c> stands for a parameter of the route's path.</param>
public sealed record RewriteSettings(bool StripPrefix = false, string? ReplacePrefix = null, string? Path = null);

/// <summary>Changes to the fields of a head. Removed first, then set, then added.</summary>
public sealed record FieldChanges
{
    public static FieldChanges None { get; } = new();

    /// <summary>Fields that are then present once, with this value, whatever was there before.</summary>
    public ImmutableArray<FieldLine> Set { get; init; } = [];

    /// <summary>Fields added to those already present.</summary>
    public ImmutableArray<FieldLine> Add { get; init; } = [];

    /// <summary>Names of fields to remove, case-insensitive.</summary>
    public ImmutableArray<string> Remove { get; init; } = [];
}

/// <summary>One field line.</summary>
public sealed record FieldLine(string Name, string Value);

/// <summary>A redirect.</summary>
/// <param name="Location">
/// A path, or an http or https URL. <c>{host}</c>, <c>{path}</c>, <c>{query}</c> (with its question mark), <c>{rest}</c> (the part after the route's prefix)
/// and the parameters of the route's path are replaced by the request's.
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
