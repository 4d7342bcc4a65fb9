using System.Collections.Immutable;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Gateway.Core.Commands;

namespace Gateway.Cli.Talking;

/// <summary>The admin API of one replica. Whatever goes wrong is a <see cref="PbmException"/> with one line.</summary>
internal sealed class Replica : IDisposable
{
    private const string ListType = "application/json";
    private const string StreamType = "application/x-ndjson";

    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);

    /// <summary>For the head of an answer: a replica sends it before it carries anything out.</summary>
    private static readonly TimeSpan HeadTimeout = TimeSpan.FromSeconds(15);

    private readonly HttpClient _http;
    private readonly string _name;

    public Replica(Options options, string? token)
    {
        _name = options.ServerName;
        _http = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, ConnectTimeout = ConnectTimeout })
        {
            BaseAddress = options.Server,
            Timeout = Timeout.InfiniteTimeSpan, // Commands that follow something go on for ever.
        };
        _http.DefaultRequestHeaders.UserAgent.ParseAdd(Agent());
        if (token is not null && !_http.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", $"Bearer {token}"))
        {
            throw new PbmException(ExitCode.Usage, "the token contains invalid characters");
        }
    }

    /// <summary>What the replica offers.</summary>
    public async Task<ImmutableArray<CommandPalette>> PalettesAsync(CancellationToken cancellation)
    {
        using var answer = await SendAsync(new(HttpMethod.Get, "commands"), ListType, cancellation);
        try
        {
            var palettes = await answer.Content.ReadFromJsonAsync(CommandJson.Default.ImmutableArrayCommandPalette, cancellation);
            return palettes.IsDefault ? throw await NoReplicaAsync(answer, cancellation) : palettes;
        }
        catch (Exception error) when (IsNotOurs(error) || error is HttpRequestException or IOException)
        {
            throw await NoReplicaAsync(answer, cancellation);
        }
    }

    /// <summary>Runs a command; the last piece is <see cref="CommandOutput.Done"/> or <see cref="CommandOutput.Failed"/>.</summary>
    public async IAsyncEnumerable<CommandOutput> RunAsync(ImmutableArray<string> words, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "commands")
        {
            Content = JsonContent.Create(new CommandCall(words), CommandJson.Default.CommandCall),
        };
        using var answer = await SendAsync(request, StreamType, cancellation);
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(cancellation));
        while (true)
        {
            var output = await ReadAsync(reader, answer, cancellation);
            yield return output;
            if (output is CommandOutput.Done or CommandOutput.Failed)
            {
                yield break;
            }
        }
    }

    /// <summary>The names of what a kind of argument names, for completion; none where the replica does not tell.</summary>
    public async Task<ImmutableArray<string>> NamesAsync(ArgumentKind kind, CancellationToken cancellation)
    {
        var (path, list, name) = kind switch
        {
            ArgumentKind.Endpoint => ("endpoints", "endpoints", "id"),
            ArgumentKind.Pool => ("pools", "pools", "name"),
            ArgumentKind.Replica => ("cluster", "replicas", "address"),
            _ => ("", "", ""),
        };
        if (path.Length == 0)
        {
            return [];
        }

        try
        {
            using var answer = await SendAsync(new(HttpMethod.Get, path), ListType, cancellation);
            using var body = await JsonDocument.ParseAsync(await answer.Content.ReadAsStreamAsync(cancellation), default, cancellation);
            return [.. body.RootElement.GetProperty(list).EnumerateArray().Select(e => e.GetProperty(name).GetString()).OfType<string>()];
        }
        catch (Exception error) when (error is PbmException or JsonException or HttpRequestException or IOException or KeyNotFoundException)
        {
            return []; // Whatever is wrong, the command itself will say.
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<CommandOutput> ReadAsync(StreamReader reader, HttpResponseMessage answer, CancellationToken cancellation)
    {
        try
        {
            return await reader.ReadLineAsync(cancellation) is { } line
                ? JsonSerializer.Deserialize(line, CommandJson.Default.CommandOutput) ?? throw await NoReplicaAsync(answer, cancellation)
                : throw new PbmException(ExitCode.Failed, $"connection to {_name} lost: the replica stopped or restarted");
        }
        catch (Exception error) when (error is IOException or HttpRequestException)
        {
            throw new PbmException(ExitCode.Failed, $"connection to {_name} lost: {error.Message}");
        }
        catch (Exception error) when (IsNotOurs(error))
        {
            throw await NoReplicaAsync(answer, cancellation);
        }
    }

    /// <summary>What reading JSON throws for text that is none, and for JSON that is something else's.</summary>
    private static bool IsNotOurs(Exception error) => error is JsonException or NotSupportedException or InvalidOperationException;

    private async Task<PbmException> NoReplicaAsync(HttpResponseMessage answer, CancellationToken cancellation) =>
        new(ExitCode.Unreachable, await WrongServer.DescribeAsync(_http, _name, answer, cancellation));

    /// <param name="type">The media type of what is asked for.</param>
    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, string type, CancellationToken cancellation)
    {
        var answer = await SendAsync(request, cancellation);
        if (answer.IsSuccessStatusCode && answer.Content.Headers.ContentType?.MediaType == type)
        {
            return answer;
        }

        using (answer)
        {
            throw await DetailAsync(answer, cancellation) is { } detail
                ? new PbmException(CodeOf(answer.StatusCode), answer.StatusCode == HttpStatusCode.BadRequest ? detail : $"{_name} refused: {detail}")
                : await NoReplicaAsync(answer, cancellation);
        }
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(HeadTimeout);
        try
        {
            return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
        }
        catch (HttpRequestException error)
        {
            var reason = error.InnerException is SocketException socket ? socket.Message : error.Message;
            throw new PbmException(ExitCode.Unreachable, $"{_name} cannot be reached: {reason}");
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            throw new PbmException(ExitCode.Unreachable, $"{_name} did not answer within {HeadTimeout.TotalSeconds:0} s; is it a gateway's admin address?");
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new PbmException(ExitCode.Unreachable, $"{_name} cannot be reached: no connection within {ConnectTimeout.TotalSeconds:0} s");
        }
    }

    /// <summary>Why a replica does not do what was asked; null: the answer is not one of a replica's admin API.</summary>
    private static async Task<string?> DetailAsync(HttpResponseMessage answer, CancellationToken cancellation)
    {
        // What a gateway answers on behalf of its backends says so.
        if (answer.IsSuccessStatusCode || answer.Headers.Contains("Proxy-Status"))
        {
            return null;
        }

        try
        {
            using var problem = await JsonDocument.ParseAsync(await answer.Content.ReadAsStreamAsync(cancellation), default, cancellation);
            return problem.RootElement.GetProperty("detail").GetString();
        }
        catch (Exception error) when (IsNotOurs(error) || error is KeyNotFoundException or HttpRequestException or IOException)
        {
            return null;
        }
    }

    private static int CodeOf(HttpStatusCode status) => status switch
    {
        HttpStatusCode.BadRequest => ExitCode.Usage,
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => ExitCode.Unreachable,
        _ => ExitCode.Failed,
    };

    /// <summary>Who this is, for the replica's log. Names that a header cannot hold are left out.</summary>
    private static string Agent()
    {
        var who = $"{Environment.UserName}@{Environment.MachineName}";
        var version = typeof(Replica).Assembly.GetName().Version?.ToString(3) ?? "0";
        return ProductInfoHeaderValue.TryParse($"({who})", out _) ? $"pbm/{version} ({who})" : $"pbm/{version}";
    }
}
