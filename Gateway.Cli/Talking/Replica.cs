using System.Collections.Immutable;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Gateway.Core.Commands;

namespace Gateway.Cli.Talking;

/// <summary>The admin API of one replica. Any error is a <see cref="PbmException"/> with one line.</summary>
internal sealed class Replica : IDisposable
{
    private const string ListType = "application/json";
    private const string StreamType = "application/x-ndjson";

    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);

    /// <summary>The time limit for the head of an answer, which a replica sends before it runs a command.</summary>
    private static readonly TimeSpan HeadTimeout = TimeSpan.FromSeconds(15);

    private readonly HttpClient _http;
    private readonly string _name;

    public Replica(Options options, string? token)
    {
        _name = options.ServerName;
        _http = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, ConnectTimeout = ConnectTimeout })
        {
            BaseAddress = options.Server,
            Timeout = Timeout.InfiniteTimeSpan, // Commands that follow events never end.
        };
        _http.DefaultRequestHeaders.UserAgent.ParseAdd(Agent());
        if (token is not null && !_http.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", $"Bearer {token}"))
        {
            throw new PbmException(ExitCode.Usage, "the token contains invalid characters");
        }
    }

    /// <summary>The replica's commands.</summary>
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

    /// <summary>Runs a command; the last item is <see cref="CommandOutput.Done"/> or <see cref="CommandOutput.Failed"/>.</summary>
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

    /// <summary>The names for a kind of argument, for completion; none if the replica does not provide them.</summary>
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
            return []; // The command itself will report any error.
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

    /// <summary>Whether reading JSON failed because the text is not JSON, or not the expected JSON.</summary>
    private static bool IsNotOurs(Exception error) => error is JsonException or NotSupportedException or InvalidOperationException;

    private async Task<PbmException> NoReplicaAsync(HttpResponseMessage answer, CancellationToken cancellation) =>
        new(ExitCode.Unreachable, await WrongServer.DescribeAsync(_http, _name, answer, cancellation));

    /// <param name="type">The media type requested.</param>
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

    /// <summary>Why a replica refuses; null: the answer is not from a replica's admin API.</summary>
    private static async Task<string?> DetailAsync(HttpResponseMessage answer, CancellationToken cancellation)
    {
        // A gateway marks answers on behalf of its backends.
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

    /// <summary>This program and its user, for the replica's log. Names that a header cannot contain are left out.</summary>
    private static string Agent()
    {
        var who = $"{Environment.UserName}@{Environment.MachineName}";
        var version = typeof(Replica).Assembly.GetName().Version?.ToString(3) ?? "0";
        return ProductInfoHeaderValue.TryParse($"({who})", out _) ? $"pbm/{version} ({who})" : $"pbm/{version}";
    }
}
