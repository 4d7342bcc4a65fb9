namespace Gateway.Wire;

/// <summary>
/// An io_uring: operations are queued for the system and their completions queued for the caller, both in shared memory; one call submits and
/// waits. Belongs to the thread that enables it. Completions arrive only during <see cref="Enter"/>.
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
    private const uint FeatureMinWait = 1 << 15;
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
    private readonly uint _capacity;
    private readonly uint _submissionMask;
    private readonly uint _completionMask;
    private readonly uint* _submissionHead;
    private readonly uint* _submissionTail;
    private readonly uint* _completionHead;
    private readonly uint* _completionTail;
    private readonly Completion* _completions;
    private readonly uint _enterFlags;
    private uint _tail;

    /// <param name="submissions">The number of operations between two calls; a power of two.</param>
    /// <param name="completions">The number of completions it holds; the system keeps any beyond that.</param>
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

            _capacity = parameters.Submissions;
            _ringsLength = Math.Max(parameters.SubmissionIndices + (_capacity * sizeof(uint)), parameters.CompletionEntries + (parameters.Completions * (uint)sizeof(Completion)));
            _rings = Map(_ringsLength, 0);
            _submissions = Map(_capacity * (uint)sizeof(Submission), EntriesOffset);
            var rings = (byte*)_rings;
            _submissionHead = (uint*)(rings + parameters.SubmissionHead);
            _submissionTail = (uint*)(rings + parameters.SubmissionTail);
            _completionHead = (uint*)(rings + parameters.CompletionHead);
            _completionTail = (uint*)(rings + parameters.CompletionTail);
            _completions = (Completion*)(rings + parameters.CompletionEntries);
            (_submissionMask, _completionMask) = (_capacity - 1, parameters.Completions - 1);
            for (var i = 0u; i < _capacity; i++)
            {
                ((uint*)(rings + parameters.SubmissionIndices))[i] = i; // Entries are used in order.
            }
        }
        catch
        {
            Dispose();
            throw;
        }

        CanWaitForMany = (parameters.Features & FeatureMinWait) != 0;
        _enterFlags = EntersForEvents | EntersWithArgument | ((parameters.Features & FeatureNoIdleWait) != 0 ? EntersIdle : 0);
    }

    /// <summary>Whether a wait for several completions can settle for one after a timeout.</summary>
    public bool CanWaitForMany { get; }

    /// <summary>The number of available completions.</summary>
    public int Completed => (int)(Volatile.Read(ref *_completionTail) - *_completionHead);

    /// <summary>Makes the calling thread its only user.</summary>
    public void Enable() => Register(EnableRings, null, 0);

    /// <summary>
    /// Returns the next operation, empty, for the caller to fill in. The next <see cref="Enter"/> submits it; anything it points to must stay valid until then.
    /// </summary>
    public Submission* Next()
    {
        if (_tail - Volatile.Read(ref *_submissionHead) == _capacity)
        {
            Enter(0, 0, 0);
            if (_tail - Volatile.Read(ref *_submissionHead) == _capacity)
            {
                throw new WireException("io_uring_enter", Libc.Busy);
            }
        }

        var submission = (Submission*)_submissions + (_tail++ & _submissionMask);
        *submission = default;
        return submission;
    }

    /// <summary>Submits the prepared operations and waits. An interrupt ends the wait.</summary>
    /// <param name="completions">The number of completions to wait for; 0 to collect only available ones.</param>
    /// <param name="milliseconds">The timeout; negative for none.</param>
    /// <param name="maxWait">The time in microseconds after which one completion is enough; 0 to wait for all.</param>
    public void Enter(int completions, int milliseconds, int maxWait)
    {
        Volatile.Write(ref *_submissionTail, _tail);
        var time = stackalloc long[2] { milliseconds / 1000, milliseconds % 1000 * 1_000_000L };
        var argument = stackalloc long[3] { 0, (long)maxWait << 32, milliseconds < 0 ? 0 : (nint)time };
        var handedOver = _tail - Volatile.Read(ref *_submissionHead);
        var result = Libc.SystemCall(Libc.EnterRing, _descriptor, (nint)handedOver, completions, (nint)_enterFlags, (nint)argument, 3 * sizeof(long));
        if (result < 0 && Libc.Error is var error and not (Libc.Interrupted or Libc.TimedOut or Libc.TryAgain or Libc.Busy))
        {
            throw new WireException("io_uring_enter", error);
        }
    }

    /// <summary>Whether all prepared operations are submitted, so that memory they point to may be reused.</summary>
    public bool IsHandedOver => Volatile.Read(ref *_submissionHead) == _tail;

    /// <summary>Takes the next completion from the queue. Call it only if there is one.</summary>
    public Completion Take()
    {
        var head = *_completionHead;
        var completion = _completions[head & _completionMask];
        Volatile.Write(ref *_completionHead, head + 1); // Frees the entry for the system.
        return completion;
    }

    /// <summary>Registers buffers for the system to pick from.</summary>
    /// <param name="ring">struct io_uring_buf_ring, with <paramref name="count"/> entries.</param>
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
            _ = Libc.Unmap(_submissions, _capacity * (uint)sizeof(Submission));
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
