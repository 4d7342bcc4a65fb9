using System.Text.Json.Serialization.Metadata;

namespace Gateway.Node.Admin;

/// <summary>One thing that the admin API answers: what carries it out, and what its document says of it.</summary>
/// <param name="Path">As the document writes it: <c>/endpoints/{id}</c>.</param>
/// <param name="Summary">One line.</param>
/// <param name="ContentType">Of its answer.</param>
/// <param name="Body">What its answer is made of: the whole of it, or each piece of a stream. Asked for by the document alone, since it takes long to make.</param>
internal sealed record AdminRoute(string Method, string Path, string Summary, string ContentType, Func<JsonTypeInfo> Body, RequestDelegate Handler)
{
    public const string Json = "application/json";

    /// <summary>What is posted; null: nothing.</summary>
    public Func<JsonTypeInfo>? Request { get; init; }

    /// <summary>Parameters of the query, with one line each.</summary>
    public (string Name, string Type, string Summary)[] Query { get; init; } = [];

    /// <summary>Whether the last part of the path may hold slashes, which the document cannot say.</summary>
    public bool TakesRest { get; init; }

    /// <summary>The path as the router takes it.</summary>
    public string Pattern => TakesRest ? Path.Replace("{", "{**", StringComparison.Ordinal) : Path;
}
