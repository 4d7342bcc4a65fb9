using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Sockets;

namespace Gateway.Rig;

/// <summary>
/// An open load: each request begins at its time, so that a stalled replica causes late and failed answers instead of fewer requests. A request whose replica
/// cannot be connected to goes to the next one, as clients of several replicas do.
/// </summary>
internal sealed class Load : IDisposable
{
    /// <summary>The time after which a request has failed: more than any replica's limit.</summary>
    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(35);

    private readonly Uri[] _targets;
    private readonly bool _stay;
    private readonly TimeProvider _clock;
    private readonly Action<string> _say;
    private readonly HttpMessageInvoker _client;
    private readonly ConcurrentDictionary<string, int> _answers = new(StringComparer.Ordinal);
    private readonly ConcurrentBag<double> _milliseconds = [];
    private int _connections;
    private int _failed;
    private int _moved;

    /// <param name="stay">Fail instead of trying the next replica.</param>
    /// <param name="say">Receives a line for each failure.</param>
    public Load(IEnumerable<Uri> targets, string path, bool stay, TimeProvider clock, Action<string> say)
    {
        _targets = [.. targets.Select(target => new Uri(target, path))];
        _stay = stay;
        _clock = clock;
        _say = say;
        _client = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, ConnectTimeout = TimeSpan.FromSeconds(5), ConnectCallback = ConnectAsync });
    }

    public int Failed => _failed;

    public async Task RunAsync(double perSecond, TimeSpan duration, CancellationToken cancellation)
    {
        var requests = new List<Task>();
        var begin = _clock.GetTimestamp();
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(1), _clock);
        for (var number = 0; !cancellation.IsCancellationRequested && _clock.GetElapsedTime(begin) < duration;)
        {
            for (var due = perSecond * _clock.GetElapsedTime(begin).TotalSeconds; number < due; number++)
            {
                requests.Add(SendAsync(number));
            }

            await tick.WaitForNextTickAsync(CancellationToken.None);
        }

        await Task.WhenAll(requests);
    }

    /// <summary>The answers by status and backend, then all counts on one line.</summary>
    public IEnumerable<string> Summary()
    {
        var sorted = _milliseconds.Order().ToList();
        foreach (var (answer, count) in _answers.OrderBy(a => a.Key, StringComparer.Ordinal))
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"{count,8} {answer}");
        }

        yield return string.Create(CultureInfo.InvariantCulture,
            $"requests={sorted.Count} failed={_failed} moved={_moved} connections={_connections} p50_ms={At(0.5):f1} p99_ms={At(0.99):f1} max_ms={At(1):f1}");

        double At(double share) => sorted.Count == 0 ? 0 : sorted[Math.Min(sorted.Count - 1, (int)(share * sorted.Count))];
    }

    public void Dispose() => _client.Dispose();

    private async Task SendAsync(int number)
    {
        var begin = _clock.GetTimestamp();
        var fault = "";
        for (var tries = 0; tries < (_stay ? 1 : _targets.Length); tries++)
        {
            var target = _targets[(number + tries) % _targets.Length];
            try
            {
                var (status, backend) = await AskAsync(target);
                fault = status is >= 200 and < 300 ? "" : $"{target} answered {status}";
                _answers.AddOrUpdate($"{status} {backend}", 1, (_, count) => count + 1);
                break;
            }
            catch (Exception e) when (e is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError } || IsConnectTimeout(e))
            {
                fault = $"{target}: {e.Message}";
                Interlocked.Increment(ref _moved);
            }
            catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
            {
                fault = $"{target}: {string.Join(" <- ", Causes(e))}";
                break;
            }
        }

        _milliseconds.Add(_clock.GetElapsedTime(begin).TotalMilliseconds);
        if (fault.Length > 0)
        {
            Interlocked.Increment(ref _failed);
            _say($"{Now(_clock)} failed: {fault}");
        }
    }

    private async Task<(int Status, string Backend)> AskAsync(Uri target)
    {
        using var timeout = new CancellationTokenSource(RequestTimeout, _clock);
        using var request = new HttpRequestMessage(HttpMethod.Get, target);
        using var response = await _client.SendAsync(request, timeout.Token);
        await response.Content.CopyToAsync(Stream.Null, timeout.Token);
        return ((int)response.StatusCode, response.Headers.TryGetValues("X-Backend", out var names) ? names.First() : "-");
    }

    /// <summary>Whether connecting timed out: the client wraps that in two cancellations, and a timeout of the whole request in one.</summary>
    private static bool IsConnectTimeout(Exception error) =>
        error is OperationCanceledException { InnerException: TimeoutException or OperationCanceledException { InnerException: TimeoutException } };

    /// <summary>The causes of an error, outermost first: the client itself is not specific.</summary>
    private static IEnumerable<string> Causes(Exception? error)
    {
        for (; error is not null; error = error.InnerException)
        {
            yield return error.Message;
        }
    }

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(context.DnsEndPoint, cancellation);
            Interlocked.Increment(ref _connections);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Milliseconds since 1970, for comparison in the scripts.</summary>
    internal static long Now(TimeProvider clock) => clock.GetUtcNow().ToUnixTimeMilliseconds();
}
