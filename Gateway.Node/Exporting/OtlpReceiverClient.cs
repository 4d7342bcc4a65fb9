using System.Net.Http.Headers;
using Gateway.Node.Settings;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;

namespace Gateway.Node.Exporting;

/// <summary>Sends metrics to an OTLP receiver, over HTTP/1.1 with protobuf or over gRPC.</summary>
internal sealed class OtlpReceiverClient : IDisposable
{
    /// <summary>OTLP's default.</summary>
    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(10);

    private static readonly Method<byte[], byte[]> Export = new(
        MethodType.Unary, "opentelemetry.proto.collector.metrics.v1.MetricsService", "Export", Marshallers.Create(bytes => bytes, bytes => bytes), Marshallers.Create(bytes => bytes, bytes => bytes));

    private readonly Uri _endpoint;
    private readonly TimeProvider _clock;
    private readonly HttpClient? _http;
    private readonly GrpcChannel? _grpc;

    public OtlpReceiverClient(OtlpMetricsSettings settings, TimeProvider clock)
    {
        _clock = clock;
        _endpoint = settings.Endpoint.AbsolutePath == "/" ? new(settings.Endpoint, "/v1/metrics") : settings.Endpoint;
        if (settings.Protocol == OtlpProtocol.Grpc)
        {
            _grpc = GrpcChannel.ForAddress(settings.Endpoint, new() { HttpHandler = Handler(), DisposeHttpClient = true });
        }
        else
        {
            _http = new(Handler()) { Timeout = Timeout.InfiniteTimeSpan };
        }
    }

    /// <returns>Why the receiver did not accept them; null: it did.</returns>
    public async Task<string?> SendAsync(byte[] request, CancellationToken cancellation)
    {
        using var longest = new CancellationTokenSource(RequestTimeout, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(longest.Token, cancellation);
        try
        {
            return _http is null ? await SendByGrpcAsync(request, either.Token) : await SendByHttpAsync(_http, request, either.Token);
        }
        catch (OperationCanceledException) when (longest.IsCancellationRequested)
        {
            return $"no answer within {RequestTimeout.TotalSeconds} s";
        }
        catch (HttpRequestException error)
        {
            return error.InnerException?.Message ?? error.Message;
        }
    }

    public void Dispose()
    {
        _http?.Dispose();
        _grpc?.Dispose();
    }

    private async Task<string?> SendByHttpAsync(HttpClient http, byte[] request, CancellationToken cancellation)
    {
        using var content = new ByteArrayContent(request) { Headers = { ContentType = new MediaTypeHeaderValue("application/x-protobuf") } };
        using var answer = await http.PostAsync(_endpoint, content, cancellation);
        return answer.IsSuccessStatusCode ? RejectionIn(await answer.Content.ReadAsByteArrayAsync(cancellation)) : $"the receiver answered {(int)answer.StatusCode}";
    }

    private async Task<string?> SendByGrpcAsync(byte[] request, CancellationToken cancellation)
    {
        try
        {
            using var call = _grpc!.CreateCallInvoker().AsyncUnaryCall(Export, null, new CallOptions(cancellationToken: cancellation), request);
            return RejectionIn(await call.ResponseAsync);
        }
        catch (RpcException error) when (!cancellation.IsCancellationRequested)
        {
            return $"the receiver answered {error.Status.StatusCode}: {error.Status.Detail}";
        }
        catch (RpcException error)
        {
            throw new OperationCanceledException(error.Message, error, cancellation);
        }
    }

    /// <summary>The rejected points in an <c>ExportMetricsServiceResponse</c>, as text; null: none.</summary>
    private static string? RejectionIn(byte[] answer)
    {
        using var response = new CodedInputStream(answer);
        for (var tag = response.ReadTag(); tag != 0; tag = response.ReadTag())
        {
            if (tag != WireFormat.MakeTag(1, WireFormat.WireType.LengthDelimited))
            {
                response.SkipLastField();
                continue;
            }

            var (rejected, why) = (0L, "");
            using var partial = response.ReadBytes().CreateCodedInput();
            for (tag = partial.ReadTag(); tag != 0; tag = partial.ReadTag())
            {
                switch (WireFormat.GetTagFieldNumber(tag))
                {
                    case 1:
                        rejected = partial.ReadInt64();
                        break;
                    case 2:
                        why = partial.ReadString();
                        break;
                    default:
                        partial.SkipLastField();
                        break;
                }
            }

            return rejected > 0 ? $"the receiver rejected {rejected} points: {why}" : null;
        }

        return null;
    }

    private static SocketsHttpHandler Handler() => new() { UseProxy = false, AllowAutoRedirect = false, UseCookies = false };
}
