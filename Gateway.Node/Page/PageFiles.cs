using System.Collections.Frozen;
using System.IO.Hashing;
using System.Reflection;

namespace Gateway.Node.Page;

/// <summary>
/// The files of the live page, which are embedded in the assembly, with headers for browsers: nothing from elsewhere is loaded, run, or may show this in a
/// frame, and text never becomes markup (the script is plain modules; trusted types forbid the rest).
/// </summary>
internal static class PageFiles
{
    private const string Prefix = "page/";
    private const string Index = "index.html";

    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; " +
        "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

    private static readonly FrozenDictionary<string, PageFile> All = ReadAll();

    /// <summary>Whether the request is for one of the files.</summary>
    public static bool Holds(HttpRequest request) => HttpMethods.IsGet(request.Method) && All.ContainsKey(request.Path.Value ?? "");

    public static void Map(WebApplication server)
    {
        foreach (var (path, file) in All)
        {
            server.MapMethods(path, [HttpMethods.Get], context => WriteAsync(context, file));
        }
    }

    private static async Task WriteAsync(HttpContext context, PageFile file)
    {
        var (request, headers) = (context.Request, context.Response.Headers);
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers.CacheControl = "no-cache"; // Revalidated each time, so that a new version never runs with an old file.
        var (content, tag) = file.Read.Value;
        headers.ETag = tag;
        if (request.Headers.IfNoneMatch == tag)
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        context.Response.ContentType = file.Type;
        context.Response.ContentLength = content.Length;
        await context.Response.Body.WriteAsync(content, context.RequestAborted);
    }

    private static FrozenDictionary<string, PageFile> ReadAll()
    {
        var assembly = typeof(PageFiles).Assembly;
        var files = new Dictionary<string, PageFile>();
        foreach (var resource in assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            var name = resource[Prefix.Length..];
            files[name == Index ? "/" : $"/{name}"] = new(TypeOf(name), new(() => Read(assembly, resource)));
        }

        return files.ToFrozenDictionary(StringComparer.Ordinal);
    }

    private static (byte[] Content, string Tag) Read(Assembly assembly, string resource)
    {
        using var stream = assembly.GetManifestResourceStream(resource)!;
        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        return (content, $"\"{XxHash128.HashToUInt128(content):x32}\"");
    }

    private static string TypeOf(string name) => Path.GetExtension(name) switch
    {
        ".html" => "text/html; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        ".svg" => "image/svg+xml",
        _ => throw new InvalidOperationException($"{name} has an unknown file type"),
    };

    /// <param name="Type">Its content type.</param>
    /// <param name="Read">Its contents and entity tag, read on first use.</param>
    private sealed record PageFile(string Type, Lazy<(byte[] Content, string Tag)> Read);
}
