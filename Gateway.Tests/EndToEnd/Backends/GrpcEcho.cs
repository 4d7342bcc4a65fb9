using System.Buffers.Binary;
using Grpc.Core;
using Microsoft.AspNetCore.Http;

namespace Gateway.Tests.EndToEnd.Backends;

/// <summary>A gRPC service with one method, which echoes every message, and its client's side. Messages are bytes.</summary>
internal static class GrpcEcho
{
    /// <summary>The message answered with <c>NOT_FOUND</c>.</summary>
    public const string Unknown = "unknown";

    private const int Prefix = 5;

    private static readonly Marshaller<string> Text = Marshallers.Create(System.Text.Encoding.UTF8.GetBytes, System.Text.Encoding.UTF8.GetString);

    public static Method<string, string> Unary { get; } = new(MethodType.Unary, "test.Echo", "Echo", Text, Text);

    public static Method<string, string> Duplex { get; } = new(MethodType.DuplexStreaming, "test.Echo", "Echo", Text, Text);

    public static Method<string, string> Server { get; } = new(MethodType.ServerStreaming, "test.Echo", "Echo", Text, Text);

    public static Method<string, string> Client { get; } = new(MethodType.ClientStreaming, "test.Echo", "Echo", Text, Text);

    /// <summary>The server's side: the status is in the trailers, except in trailers-only answers.</summary>
    public static async Task AnswerAsync(HttpContext context)
    {
        var (request, response) = (context.Request, context.Response);
        response.ContentType = "application/grpc";
        response.AppendTrailer("x-path", request.Path.Value);
        await response.StartAsync();
        await AnswerBodyAsync(context);
    }

    /// <summary>The same after the head has been sent.</summary>
    public static async Task AnswerBodyAsync(HttpContext context)
    {
        var (request, response) = (context.Request, context.Response);
        var status = StatusCode.OK;
        while (await ReadAsync(request.Body) is { } message && status == StatusCode.OK)
        {
            if (System.Text.Encoding.UTF8.GetString(message.AsSpan(Prefix)) == Unknown)
            {
                status = StatusCode.NotFound;
                break;
            }

            await response.Body.WriteAsync(message);
            await response.Body.FlushAsync();
        }

        response.AppendTrailer("grpc-status", ((int)status).ToString(System.Globalization.CultureInfo.InvariantCulture));
    }

    /// <summary>The next message with its prefix; null at the end.</summary>
    public static async Task<byte[]?> ReadAsync(Stream body)
    {
        var prefix = new byte[Prefix];
        if (await body.ReadAtLeastAsync(prefix, Prefix, throwOnEndOfStream: false) < Prefix)
        {
            return null;
        }

        var message = new byte[Prefix + BinaryPrimitives.ReadInt32BigEndian(prefix.AsSpan(1))];
        prefix.CopyTo(message, 0);
        await body.ReadExactlyAsync(message.AsMemory(Prefix));
        return message;
    }
}
