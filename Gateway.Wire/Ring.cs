namespace Gateway.Wire;

/// <summary>
/// An io_uring: operations go into one queue, their completions come out of the other, both in memory that is shared with the system; one call hands over and
/// waits. Belongs to the thread that enables it. Completions are brought by <see cref="Enter"/> alone, never in between.
/// </summary>
internal sealed unsafe class Ring : IDisposable
{
    private const uint SetsCompletions = 1 << 3;
    private const uint BeginsDisabled = 1 << 6;
    private const uint SubmitsAll = 1 << 7;
    private const uint SingleIssuer = 1 << 12;
    private const uint DefersTasks = 1 << 13;

    private const uint FeatureSingleMap = 1 << 0;
    private const uint FeatureNoDrop = 1 << 1;
    private const uint FeatureStable = 1 << 2;
    private const uint FeatureArgument = 1 << 8;
    private const uint FeatureLeastWait = 1 << 15;
    private const uint FeatureNoIdleWait = 1 << 17;
    private const uint Needed = FeatureSingleMap | FeatureNoDrop | FeatureStable | FeatureArgument;

    private const uint EntersForEvents = 1 << 0;
    private const uint EntersWithArgument = 1 << 3;
    private const uint EntersIdle = 1 << 7;

    private const int EnableRings = 12;
    private const int RegisterBuffers = 22;
    private const nint EntriesOffset = 0x10000000;

    private readonly int _descriptor;
    private readonly nint _rings;
    private readonly nint _submissions;
    private readonly nuint _ringsLength;
    private readonly uint _most;
    private readonly uint _submissionMask;
    private readonly uint _completionMask;
    private readonly uint* _submissionHead;
    private readonly uint* _submissionTail;
    private readonly uint* _completionHead;
    private readonly uint* _completionTail;
    private readonly Completion* _completions;
    private readonly uint _enterFlags;
    private uint _tail;

    /// <param name="submissions">How many operations it takes in between two calls; a power of two.</param>
    /// <param name="completions">How many completions it holds; the system keeps what is beyond.</param>
    public Ring(int submissions, int completions)
    {
        RingParameters parameters = new() { Completions = (uint)completions, Flags = SetsCompletions | BeginsDisabled | SubmitsAll | SingleIssuer | DefersTasks };
        _descriptor = (int)Libc.SystemCall(Libc.SetUpRing, submissions, (nint)(&parameters), 0, 0, 0, 0);
        if (_descriptor < 0)
        {
            throw new WireException("io_uring_setup", Libc.Error);
        }

        try
        {
            if ((parameters.Features & Needed) != Needed)
            {
                throw new WireException("io_uring_setup", Libc.NotImplemented);
            }

            _most = parameters.Submissions;
            _ringsLength = Math.Max(parameters.SubmissionIndices + (_most * sizeof(uint)), parameters.CompletionEntries + (parameters.Completions * (uint)sizeof(Completion)));
            _rings = Map(_ringsLength, 0);
            _submissions = Map(_most * (uint)sizeof(Submission), EntriesOffset);
            var rings = (byte*)_rings;
            _submissionHead = (uint*)(rings + parameters.SubmissionHead);
            _submissionTail = (uint*)(rings + parameters.SubmissionTail);
            _completionHead = (uint*)(rings + parameters.CompletionHead);
            _completionTail = (uint*)(rings + parameters.CompletionTail);
            _completions = (Completion*)(rings + parameters.CompletionEntries);
            (_submissionMask, _completionMask) = (_most - 1, parameters.Completions - 1);
            for (var i = 0u; i < _most; i++)
            {
                ((uint*)(rings + parameters.SubmissionIndices))[i] = i; // Entries are used in their order.
            }
        }
        catch
        {
            Dispose();
            throw;
        }

        CanWaitForMany = (parameters.Features & FeatureLeastWait) != 0;
        _enterFlags = EntersForEvents | EntersWithArgument | ((parameters.Features & FeatureNoIdleWait) != 0 ? EntersIdle : 0);
    }

    /// <summary>Whether a wait for several completions can be content with one after a while.</summary>
    public bool CanWaitForMany { get; }

    /// <summary>Completions that are there.</summary>
    public int Completed => (int)(Volatile.Read(ref *_completionTail) - *_completionHead);

    /// <summary>The calling thread is the one that uses it from here on.</summary>
    public void Enable() => Register(EnableRings, null, 0);

    /// <summary>The next operation, empty, for the caller to fill in. It is handed over by the next <see cref="Enter"/>, and whatever it points to is good until then.</summary>
    public Submission* Next()
    {
        if (_tail - Volatile.Read(ref *_submissionHead) == _most)
        {
            Enter(0, 0, 0);
            if (_tail - Volatile.Read(ref *_submissionHead) == _most)
            {
                throw new WireException("io_uring_enter", Libc.Busy);
            }
        }

        var submission = (Submission*)_submissions + (_tail++ & _submissionMask);
        *submission = default;
        return submission;
    }

    /// <summary>Hands over what was prepared, and waits. Being interrupted ends the wait.</summary>
    /// <param name="completions">How many completions to wait for; 0: only those are brought that are there.</param>
    /// <param name="milliseconds">For how long; negative: for as long as it takes.</param>
    /// <param name="patience">After so many microseconds one completion is enough; 0: only all of them are.</param>
    public void Enter(int completions, int milliseconds, int patience)
    {
        Volatile.Write(ref *_submissionTail, _tail);
        var time = stackalloc long[2] { milliseconds / 1000, milliseconds % 1000 * 1_000_000L };
        var argument = stackalloc long[3] { 0, (long)patience << 32, milliseconds < 0 ? 0 : (nint)time };
        var handedOver = _tail - Volatile.Read(ref *_submissionHead);
        var result = Libc.SystemCall(Libc.EnterRing, _descriptor, (nint)handedOver, completions, (nint)_enterFlags, (nint)argument, 3 * sizeof(long));
        if (result < 0 && Libc.Error is var error and not (Libc.Interrupted or Libc.TimedOut or Libc.TryAgain or Libc.Busy))
        {
            throw new WireException("io_uring_enter", error);
        }
    }

    /// <summary>Whether all that was prepared has been handed over, so that what it points to may be used anew.</summary>
    public bool IsHandedOver => Volatile.Read(ref *_submissionHead) == _tail;

    /// <summary>Takes the next completion out of the queue. Only when there is one.</summary>
    public Completion Take()
    {
        var head = *_completionHead;
        var completion = _completions[head & _completionMask];
        Volatile.Write(ref *_completionHead, head + 1); // The system may use the place from here on.
        return completion;
    }

    /// <summary>Makes buffers known that the system picks from.</summary>
    /// <param name="ring">struct io_uring_buf_ring, of so many entries.</param>
    public void ProvideBuffers(byte* ring, int count)
    {
        var argument = stackalloc long[5] { (nint)ring, count, 0, 0, 0 };
        Register(RegisterBuffers, argument, 1);
    }

    public void Dispose()
    {
        if (_rings != 0)
        {
            _ = Libc.Unmap(_rings, _ringsLength);
        }

        if (_submissions != 0)
        {
            _ = Libc.Unmap(_submissions, _most * (uint)sizeof(Submission));
        }

        _ = Libc.Close(_descriptor);
    }

    private nint Map(nuint length, nint offset)
    {
        var at = Libc.Map(0, length, Libc.ReadWrite, Libc.Shared, _descriptor, offset);
        return at != -1 ? at : throw new WireException("mmap", Libc.Error);
    }

    private void Register(int what, void* argument, int count)
    {
        if (Libc.SystemCall(Libc.RegisterWithRing, _descriptor, what, (nint)argument, count, 0, 0) < 0)
        {
            throw new WireException("io_uring_register", Libc.Error);
        }
    }
}
