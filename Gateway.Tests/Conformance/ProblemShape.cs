using System.Text.Json;
using Gateway.Tests.EndToEnd.Backends;

namespace Gateway.Tests.Conformance;

/// <summary>Checks the common form of the gateway's own error answers.</summary>
internal static class ProblemShape
{
    /// <param name="error">The error type of Proxy-Status; null: none.</param>
    /// <param name="head">Whether the request was a HEAD, whose answer has no body.</param>
    public static void AssertProblem(RawAnswer answer, int status, string? error, bool head = false)
    {
        Assert.Equal(status, answer.Status);
        Assert.Equal("application/problem+json", answer.Head.Value("Content-Type"));
        Assert.Equal(error is null ? "\"test\"" : $"\"test\"; error={error}", answer.Head.Value("Proxy-Status"));
        Assert.Equal(status == 503 ? "1" : null, answer.Head.Value("Retry-After"));
        if (head)
        {
            Assert.Empty(answer.Body.Bytes);
            return;
        }

        using var document = JsonDocument.Parse(answer.Body.Bytes);
        var root = document.RootElement;
        Assert.Equal(["type", "title", "status", "detail"], root.EnumerateObject().Select(property => property.Name));
        Assert.Equal("about:blank", root.GetProperty("type").GetString());
        Assert.Equal(status, root.GetProperty("status").GetInt32());
        Assert.NotEmpty(root.GetProperty("title").GetString()!);
        Assert.NotEmpty(root.GetProperty("detail").GetString()!);
    }
}
