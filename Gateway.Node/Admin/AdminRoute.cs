using System.Text.Json.Serialization.Metadata;

namespace Gateway.Node.Admin;

/// <summary>A route of the admin API: its handler, and its description.</summary>
/// <param name="Path">As in the document: <c>/endpoints/{id}</c>.</param>
/// <param name="Summary">One line.</param>
/// <param name="ContentType">The content type of its answer.</param>
/// <param name="Body">The type of its answer, or of each item of a stream. Called only for the document, since it is slow.</param>
internal sealed record AdminRoute(string Method, string Path, string Summary, string ContentType, Func<JsonTypeInfo> Body, RequestDelegate Handler)
{
    public const string Json = "application/json";

    /// <summary>The type of the posted body; null: none.</summary>
    public Func<JsonTypeInfo>? Request { get; init; }

    /// <summary>Query parameters, with a one-line description each.</summary>
    public (string Name, string Type, string Summary)[] Query { get; init; } = [];

    /// <summary>Whether the last part of the path may contain slashes, which the document cannot express.</summary>
    public bool IsCatchAll { get; init; }

    /// <summary>The path in the router's syntax.</summary>
    public string Pattern => IsCatchAll ? Path.Replace("{", "{**", StringComparison.Ordinal) : Path;
}
