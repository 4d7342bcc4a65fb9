using System.Text;

namespace Gateway.Tests.EndToEnd.Backends;

/// <summary>One stream of a <see cref="Http2Backend"/>, for its script.</summary>
internal sealed class Http2Exchange(
    Http2BackendConnection connection, int stream, IReadOnlyList<(string Name, string Value)> fields, CancellationToken stopping)
{
    public const int InternalError = 2;
    public const int RefusedStream = 7;
    public const int Cancel = 8;

    private readonly TaskCompletionSource _whole = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _some = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<int> _reset = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly StringBuilder _body = new();

    /// <summary>The number of this request at the backend, from 0.</summary>
    public int Number { get; set; }

    /// <summary>The number of its connection at the backend, from 0.</summary>
    public int Connection => connection.Number;

    public int Stream => stream;

    public IReadOnlyList<(string Name, string Value)> Fields => fields;

    /// <summary>Whether the head ended the stream.</summary>
    public bool EndedWithHead { get; set; }

    public CancellationToken Stopping => stopping;

    public string Body
    {
        get
        {
            lock (_body)
            {
                return _body.ToString();
            }
        }
    }

    /// <summary>The value of a field; null when there is none.</summary>
    public string? Value(string name) => fields.FirstOrDefault(field => field.Name == name).Value;

    /// <summary>Waits for the whole request.</summary>
    public Task WaitForEndAsync() => _whole.Task.WaitAsync(stopping);

    /// <summary>Waits for a part of its body.</summary>
    public Task WaitForBodyAsync() => _some.Task.WaitAsync(stopping);

    /// <summary>Waits until the client resets the stream; returns the error code.</summary>
    public Task<int> WaitForResetAsync() => _reset.Task.WaitAsync(stopping);

    public Task WriteHeadAsync(int status, bool end = false, params (string Name, string Value)[] more) =>
        connection.WriteHeadersAsync(stream, end, [(":status", status.ToString(System.Globalization.CultureInfo.InvariantCulture)), .. more]);

    public Task WriteDataAsync(string text, bool end = false) => connection.WriteDataAsync(stream, text, end);

    public Task WriteTrailersAsync(params (string Name, string Value)[] more) => connection.WriteHeadersAsync(stream, end: true, more);

    public Task ResetAsync(int code) => connection.ResetAsync(stream, code);

    /// <summary>Lets the connection end after the streams up to this one.</summary>
    public Task GoAwayAsync(int last, int code = 0) => connection.GoAwayAsync(last, code);

    /// <summary>Waits until the client has read everything sent on the connection. Once per connection.</summary>
    public Task SyncAsync() => connection.SyncAsync();

    /// <summary>Ends the connection with a TCP reset.</summary>
    public void Drop() => connection.Drop();

    internal void Arrived(byte[] payload, bool end)
    {
        lock (_body)
        {
            _body.Append(Encoding.Latin1.GetString(payload));
        }

        if (payload.Length > 0 || end)
        {
            _some.TrySetResult();
        }

        if (end)
        {
            _whole.TrySetResult();
        }
    }

    internal void WasReset(int code) => _reset.TrySetResult(code);

    internal void Ended()
    {
        _whole.TrySetCanceled();
        _some.TrySetCanceled();
        _reset.TrySetCanceled();
    }
}
