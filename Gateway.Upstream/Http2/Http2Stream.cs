using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.IO.Pipelines;
using Gateway.Core.Cells;
using Gateway.Core.Connecting;
using Gateway.Core.Outcomes;

namespace Gateway.Upstream.Http2;

/// <summary>
/// One attempt over a stream of an HTTP/2 connection, with an HTTP/1.1 interface: the request goes in as HTTP/1.1 bytes and the answer comes out the same way,
/// concurrently. It has no timers and makes no decisions; its user closes it, once.
/// <code>
/// OpenAsync -> a connection with room -> the request's head -> stream -> answer -> over -Close-> nothing is held any more
///                       ^                    | no room after all
///                       +--------------------+
/// </code>
/// </summary>
/// <param name="policy">The connection policy of its pool.</param>
/// <param name="edition">The number of the pool's settings that the policy comes from.</param>
/// <param name="fresh">Whether to accept only a connection without an answer so far.</param>
/// <param name="tryTimeout">The time from the request fully sent to the head: a connection silent for about that long takes no new streams.</param>
[SuppressMessage("Design", "CA1001", Justification = "The source has nothing to dispose of, and may be cancelled at any time.")]
public sealed class Http2Stream(Http2Pools pools, EndpointCell endpoint, ConnectionPolicy policy, long edition, bool fresh, TimeSpan tryTimeout) : IDuplexPipe
{
    /// <summary>The maximum of an unread answer to buffer, in bytes.</summary>
    private const int MaxBuffered = 64 * 1024;

    /// <summary>A flush of the request completes when all of it has been sent, so that its writer knows when that was.</summary>
    private readonly Pipe _request = new(new PipeOptions(
        writerScheduler: PipeScheduler.Inline, pauseWriterThreshold: 1, resumeWriterThreshold: 1, useSynchronizationContext: false));

    private readonly Pipe _answer = new(new PipeOptions(
        readerScheduler: PipeScheduler.Inline, pauseWriterThreshold: MaxBuffered, resumeWriterThreshold: MaxBuffered / 2, useSynchronizationContext: false));

    private readonly Http2Pool _pool = pools.Of(endpoint, policy, edition);
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Http2Connection _connection = null!;
    private int _limit;
    private StreamHead? _head;
    private SequencePosition _headEnd;
    private bool _headWritten;
    private bool _headTaken;

    /// <summary>The answer; completes when it ends or none will come: see <see cref="Fault"/>.</summary>
    PipeReader IDuplexPipe.Input => _answer.Reader;

    /// <summary>The request.</summary>
    PipeWriter IDuplexPipe.Output => _request.Writer;

    /// <summary>Why there is no answer, or only part of one; null if it was whole. Read it once the answer is complete.</summary>
    public AttemptReport? Fault { get; private set; }

    /// <summary>Finds or opens a connection with room, and begins. Throws the connector's exceptions, or when cancelled.</summary>
    public async Task<IDuplexPipe> OpenAsync(CancellationToken cancellation)
    {
        await EnterAsync(cancellation);
        _ = RunAsync();
        return this;
    }

    /// <summary>
    /// Gives up the attempt, so that another may follow at once. A connection that was silent all that time, apart from its initial frames,
    /// takes no new attempts: it may be dead, and no further attempt should have to find out.
    /// </summary>
    /// <param name="waited">How long the answer was awaited.</param>
    public void GiveUp(TimeSpan waited)
    {
        if (Volatile.Read(ref _connection) is { } connection && !Volatile.Read(ref _headTaken) && waited >= tryTimeout && connection.SilentFor(Now) >= waited / 2)
        {
            connection.Leave();
        }
    }

    /// <summary>Ends it and cancels pending work.</summary>
    public void Close()
    {
        _ = _stop.CancelAsync(); // Not awaited: the caller must not wait for what the cancellation triggers.
        _closed.TrySetResult();
    }

    private async Task EnterAsync(CancellationToken cancellation)
    {
        Volatile.Write(ref _connection, _pool.Enter(fresh, out _limit));
        try
        {
            await _connection.ConnectAsync(cancellation);
        }
        catch
        {
            _connection.Exit(sent: false);
            throw;
        }
    }

    private async Task RunAsync()
    {
        try
        {
            while (!await TrySendAsync())
            {
                await EnterAsync(_stop.Token);
            }
        }
#pragma warning disable CA1031 // Any exception is the reason why there is no connection.
        catch (Exception error)
#pragma warning restore CA1031
        {
            Fault = ConnectFault.ReportOf(error);
        }

        await _answer.Writer.CompleteAsync();
        await _closed.Task;
        await _request.Reader.CompleteAsync();
    }

    /// <summary>Returns false if the connection had no room and nothing was sent.</summary>
    private async Task<bool> TrySendAsync()
    {
        StreamUpload? upload = null;
        try
        {
            _head ??= await ReadHeadAsync();
            upload = _head.Body.IsDone ? null : new StreamUpload(_request.Reader, _head.Body);
            using var request = _head.RequestTo(_pool.Address, upload);
            request.Options.Set(Http2Connection.HeadWritten, OnHeadWritten);
            using var answer = await _connection.SendAsync(request, _stop.Token);
            _connection.OnAnswer();
            Volatile.Write(ref _headTaken, true);
            upload?.HeadKnown();
            await new StreamAnswer(answer, _answer.Writer).WriteAsync(_head.Method, _stop.Token);
            return true;
        }
        catch (Exception error) when (!_headWritten && !_stop.IsCancellationRequested && Http2Faults.IsNoRoom(error))
        {
            _connection.OnNoRoom(_limit);
            return false;
        }
#pragma warning disable CA1031 // Any exception is the end of the attempt, and is reported to the reader of the answer.
        catch (Exception error)
#pragma warning restore CA1031
        {
            Fault = FaultOf(error);
            return true;
        }
        finally
        {
            if (upload is not null)
            {
                await upload.StopAsync();
            }

            _connection.Exit(_headWritten);
        }
    }

    private async Task<StreamHead> ReadHeadAsync()
    {
        var read = await _request.Reader.ReadAsync(_stop.Token); // It is written in one piece.
        _headEnd = EndOf(read.Buffer);
        var head = new StreamHead(read.Buffer.Slice(0, _headEnd).ToArray());
        if (head.ExpectsContinue)
        {
            // The connection can take the body. The HTTP client does not pass on an endpoint's own 100.
            await _answer.Writer.WriteAsync("HTTP/1.1 100 Continue\r\n\r\n"u8.ToArray(), _stop.Token);
        }

        return head;
    }

    private static SequencePosition EndOf(ReadOnlySequence<byte> bytes)
    {
        var reader = new SequenceReader<byte>(bytes);
        return reader.TryReadTo(out ReadOnlySequence<byte> _, "\r\n\r\n"u8) ? reader.Position : throw new InvalidOperationException("the request has no head");
    }

    /// <summary>Called before the head is written. Throws the second time: only the gateway's own rules may resend a request.</summary>
    private void OnHeadWritten()
    {
        if (_headWritten)
        {
            throw new ResendException();
        }

        _headWritten = true;
        _connection.OnStream();
        _request.Reader.AdvanceTo(_headEnd);
    }

    private AttemptReport FaultOf(Exception error)
    {
        var silent = _connection.SilentFor(Now) >= _pool.Policy.PingInterval;
        var end = Http2Faults.EndOf(error, silent, _connection.HasEnded);
        if (!_headTaken && (!_headWritten || Http2Faults.IsNoRoom(error)))
        {
            _connection.Leave();
        }

        var begun = _headWritten || end == AttemptEnd.Malformed;
        return new AttemptReport(begun ? end : AttemptEnd.NotConnected, Detail: Http2Faults.DetailOf(error))
        {
            Stale = !_headTaken && end == AttemptEnd.Broken && _connection.HasAnswered && _connection.HasEnded,
        };
    }

    private TimeSpan Now => pools.Clock.GetElapsedTime(0);
}
