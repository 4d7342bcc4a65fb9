using System.Buffers;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Gateway.Upstream.Http1;

/// <summary>
/// Sends a request's body while the answer is awaited. Where the client waits for a word before it sends the body, so does this: for the
/// endpoint's, or for a second. Ends with the attempt, whatever state it is in.
/// </summary>
internal sealed class RequestUpload : IAsyncDisposable
{
    private const int BufferSize = 64 * 1024;
    private static readonly TimeSpan ContinuePatience = TimeSpan.FromSeconds(1);

    private readonly Http1Connection _connection;
    private readonly RequestBody _body;
    private readonly BodyFraming _framing;
    private readonly Action _onSent;
    private readonly CancellationTokenSource _cancel = new();
    private readonly TaskCompletionSource<bool>? _mayGoOn;
    private TaskCompletionSource _interjected = new();
    private int _turn;
    private Task _task = Task.CompletedTask;
    private volatile bool _ending;
    private volatile bool _done;

    /// <param name="onSent">Told when the last byte is written.</param>
    public RequestUpload(Http1Connection connection, RequestBody body, BodyFraming framing, bool expects, Action onSent)
    {
        (_connection, _body, _framing, _onSent) = (connection, body, framing, onSent);
        _mayGoOn = expects ? new(TaskCreationOptions.RunContinuationsAsynchronously) : null;
    }

    /// <summary>Whose turn it is to write to a client that waits for a word: the server says 100 by itself when its body is first read.</summary>
    private enum Turn
    {
        Nobody,
        Interim,
        Server,

        /// <summary>The first of the body has come: the server has said it.</summary>
        Over,
    }

    /// <summary>Whether the whole body has been read, and the last of it is being sent or has been.</summary>
    public bool IsEnding => _ending;

    /// <summary>Whether the whole body has been sent.</summary>
    public bool IsDone => _done;

    /// <summary>What the client did wrong: a status to answer with, 0 when it left; null: nothing.</summary>
    public int? ClientFault { get; private set; }

    public static bool Expects(HttpRequest request) =>
        request.Headers.TryGetValue(HeaderNames.Expect, out var expect) &&
        expect is { Count: 1 } && string.Equals(expect[0], "100-continue", StringComparison.OrdinalIgnoreCase);

    public void Begin() => _task = RunAsync();

    /// <summary>The endpoint wants the body.</summary>
    public void Continue() => _mayGoOn?.TrySetResult(true);

    /// <summary>The endpoint has answered: a body that waits for a word stays where it is. Answers whether there was one.</summary>
    public bool Refuse() => _mayGoOn?.TrySetResult(false) == true;

    /// <summary>
    /// Passes an interim answer on beside the upload. Where the server may be saying 100 at this very moment there is no room for it: then, and
    /// only then, it is left out.
    /// </summary>
    public async ValueTask InterjectAsync(HttpContext context, ResponseHead head, ReadOnlyMemory<byte> section)
    {
        if (_mayGoOn is null || Volatile.Read(ref _turn) == (int)Turn.Over)
        {
            await HeadRelay.InterimAsync(context, head, section);
            return;
        }

        _interjected = new(TaskCreationOptions.RunContinuationsAsynchronously);
        if (Interlocked.CompareExchange(ref _turn, (int)Turn.Interim, (int)Turn.Nobody) == (int)Turn.Nobody)
        {
            try
            {
                await HeadRelay.InterimAsync(context, head, section);
            }
            finally
            {
                Volatile.Write(ref _turn, (int)Turn.Nobody);
                _interjected.SetResult();
            }
        }
    }

    /// <summary>Ends it: when this returns, nothing reads the client's body or writes to the connection any more.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_done)
        {
            await _cancel.CancelAsync();
            _mayGoOn?.TrySetResult(false);
        }

        await _task;
        _cancel.Dispose();
    }

    private async Task RunAsync()
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            await SendAsync(buffer);
        }
        catch (IOException)
        {
            // The endpoint does not take the body. What that means its answer says, or the end of the connection.
        }
        catch (ObjectDisposedException)
        {
            // The attempt has closed the connection.
        }
        catch (OperationCanceledException)
        {
            // The attempt is over.
        }
        catch
        {
            _connection.Abort(CloseCause.None); // A fault of ours: the attempt must not wait for an answer to what it has not sent.
            throw;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async Task SendAsync(byte[] buffer)
    {
        if (_mayGoOn is not null)
        {
            await _connection.WriteAsync(_connection.Output.WrittenMemory);
            _connection.Output.Truncate(0);
            if (!await GoOnAsync(_mayGoOn))
            {
                return;
            }

            while (Interlocked.CompareExchange(ref _turn, (int)Turn.Server, (int)Turn.Nobody) != (int)Turn.Nobody)
            {
                await _interjected.Task;
            }
        }

        var room = buffer.AsMemory(ChunkWriter.Prefix, BufferSize - ChunkWriter.Prefix - ChunkWriter.Suffix);
        for (var left = _framing.Bytes; ;)
        {
            var reading = _body.ReadAsync(room, _cancel.Token);
            if (!reading.IsCompleted && _connection.Output.Length > 0)
            {
                await FlushHeadAsync(); // The client is slow: the endpoint may see the head meanwhile.
            }

            int read;
            try
            {
                read = await reading;
            }
            catch (Exception error) when (FaultOf(error) is { } fault)
            {
                ClientFault = fault;
                _connection.Abort(fault == 0 ? CloseCause.ClientGone : CloseCause.None);
                throw new OperationCanceledException("the request body did not come to its end", error);
            }

            if (read == 0)
            {
                break;
            }

            Volatile.Write(ref _turn, (int)Turn.Over);
            left -= read;
            _ending = _framing.Kind == BodyKind.Length && left <= 0;
            await WriteAsync(buffer, read);
            if (_ending)
            {
                break; // An answer may come now: another look at the client would be cut short by it, and cost the connection.
            }
        }

        _ending = true;
        if (_framing.Kind == BodyKind.Chunked)
        {
            _connection.Output.Write(ChunkWriter.LastChunk);
        }

        await FlushHeadAsync();
        _done = true;
        _onSent();
    }

    private static async Task<bool> GoOnAsync(TaskCompletionSource<bool> word)
    {
        await Task.WhenAny(word.Task, Task.Delay(ContinuePatience));
        word.TrySetResult(true);
        return await word.Task;
    }

    /// <summary>What the client did wrong where a read of its body failed, as <see cref="ClientFault"/> says it; null: nothing.</summary>
    private static int? FaultOf(Exception error) => error switch
    {
        BadHttpRequestException bad => bad.StatusCode,
        ConnectionResetException => 0,
        IOException => StatusCodes.Status400BadRequest, // So Kestrel says of a chunk size that no number holds.
        _ => null,
    };

    /// <summary>Sends a stretch of the body, with the head if that has not gone yet.</summary>
    private ValueTask WriteAsync(byte[] buffer, int payload)
    {
        var (start, length) = _framing.Kind == BodyKind.Chunked ? ChunkWriter.Frame(buffer, payload) : (ChunkWriter.Prefix, payload);
        if (_connection.Output.Length == 0)
        {
            return _connection.WriteAsync(buffer.AsMemory(start, length));
        }

        _connection.Output.Write(buffer.AsSpan(start, length));
        return FlushHeadAsync();
    }

    private async ValueTask FlushHeadAsync()
    {
        if (_connection.Output.Length > 0)
        {
            await _connection.WriteAsync(_connection.Output.WrittenMemory);
            _connection.Output.Truncate(0);
        }
    }
}
