namespace Gateway.Core.Overload;

/// <summary>
/// The limit on requests of a pool waiting for an answer, adapted by the gradient of latency (in the family of Vegas, and of Gradient2 in Netflix'
/// concurrency-limits). A window lasts at least 100 ms, ten answers and one latency; at its end
/// <code>
/// gradient = tolerance * usual / latency, within 0.5 and 1
/// limit    moves towards gradient * limit + sqrt(limit)         all the way while the latency is well within the tolerance, else by a fifth
/// </code>
/// The square root is the allowance for a queue. With a usual latency of 10 ms and 100 requests served at once, a flood settles where
/// limit * (1 - gradient) = sqrt(limit): at 163 requests that take 16.3 ms each.
/// <para>
/// The limit stays the same while less than half of it is used, since the latency says nothing about it then. Only in such windows may the usual latency
/// rise with the latency. While the limit is used the usual latency only falls: otherwise it would follow the queue it is meant to bound, and the limit
/// would grow with it for as long as the flood lasts.
/// </para>
/// <para>
/// The cut itself tells a slower backend from an overloaded one. Once the requests are reduced by three tenths, a queue would be shorter by
/// as much. If the latency has hardly changed, it becomes the usual one, and the limit before the cut is restored. A cut that settles too early to
/// tell continues after a while, until the latency is tolerated again (it was a queue, and the limit is restored) or the
/// requests are few enough; each time it was a queue doubles the time until the next. Nothing else lowers the limit to measure. A known gap: a backend
/// that keeps losing capacity is taken for a slower one.
/// </para>
/// </summary>
public sealed record AdaptiveLimit
{
    /// <summary>The share of the limit that must be used for the limit to move.</summary>
    private const double UsedShare = 0.5;

    private const double MinGradient = 0.5;

    /// <summary>The step of a cut, and of growth near the tolerance, in one window.</summary>
    private const double Smoothing = 0.2;

    /// <summary>The weight of a new window in the usual latency: about 5 s at ten windows a second.</summary>
    private const double LongWeight = 0.02;

    /// <summary>The gradient above which the limit grows at its full pace.</summary>
    private const double Ease = 1.2;

    /// <summary>The relative growth per window until the latency first rises.</summary>
    private const double StartingGrowth = 0.5;

    /// <summary>The reduction of requests that tells a queue from a slow backend.</summary>
    private const double FewerRequests = 0.7;

    /// <summary>Half of what a queue with that many fewer requests would save.</summary>
    private const double LittleFaster = 0.85;

    /// <summary>The factor of the limit per window while a settled cut continues to prove a queue or a slower backend.</summary>
    private const double ProvingCut = 0.9;

    /// <summary>The number of windows before it does. Doubled each time it was a queue.</summary>
    private const int FirstPatience = 30;

    private const int MaxPatience = 960;

    /// <summary>The weight of a new window in the short-term averages.</summary>
    private const double ShortWeight = 0.4;

    private const int MinSamples = 10;

    private static readonly TimeSpan MinWindow = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan MaxLatency = TimeSpan.FromSeconds(5);

    /// <summary>The state before the first answer: the limit is the lowest.</summary>
    public static AdaptiveLimit Unknown { get; } = new();

    /// <summary>In requests; clamp it to the policy's bounds.</summary>
    public double Limit { get; init; }

    /// <summary>The usual latency, in microseconds; 0 if not known yet.</summary>
    public double Usual { get; init; }

    /// <summary>The latency over the last windows, in microseconds.</summary>
    public double Latency { get; init; }

    /// <summary>The number of requests waiting when a request of the last windows began.</summary>
    public double InFlight { get; init; }

    /// <summary>Whether the latency has exceeded the tolerance since the start.</summary>
    public bool HasStarted { get; init; }

    /// <summary>The doubt while the latency exceeds the tolerance; otherwise null.</summary>
    public LatencyDoubt? Doubt { get; init; }

    /// <summary>The number of windows a doubt may last before the cut continues.</summary>
    public int Patience { get; init; } = FirstPatience;

    /// <summary>The earliest end of the window, by the monotonic clock.</summary>
    public TimeSpan Until { get; init; }

    /// <summary>Whether the window ends now.</summary>
    public bool IsDue(long samples, TimeSpan now) => samples >= MinSamples && now >= Until;

    /// <summary>Returns the state after a window.</summary>
    /// <param name="inFlight">Requests waiting at its end.</param>
    public AdaptiveLimit Next(in LatencyWindow window, int inFlight, ConcurrencyPolicy policy, TimeSpan now)
    {
        var next = this with { Limit = Math.Clamp(Limit, policy.Min, policy.Max), Until = now + LengthAt(window.Latency) };
        if (Until == default)
        {
            return next; // The first answers are the fastest, and not representative.
        }

        next = next.Seen(window);
        var isUsed = Math.Max(next.InFlight, inFlight) >= next.Limit * UsedShare;
        var usual = next.Usual + ((next.Latency - next.Usual) * LongWeight);
        if (!isUsed)
        {
            return next with { Usual = usual, Doubt = null, Patience = FirstPatience };
        }

        next = next with { Usual = Math.Min(usual, next.Usual) };
        var gradient = policy.Tolerance * next.Usual / next.Latency;
        return gradient >= 1 ? next.Grown(gradient, policy) : (next with { HasStarted = true }).Cut(Math.Max(gradient, MinGradient), policy);
    }

    private static TimeSpan LengthAt(double latency)
    {
        var length = TimeSpan.FromMicroseconds(Math.Min(latency, MaxLatency.TotalMicroseconds));
        return length > MinWindow ? length : MinWindow;
    }

    private AdaptiveLimit Seen(in LatencyWindow window) => Usual == 0
        ? this with { Usual = window.Latency, Latency = window.Latency, InFlight = window.InFlight }
        : this with { Latency = Latency + ((window.Latency - Latency) * ShortWeight), InFlight = InFlight + ((window.InFlight - InFlight) * ShortWeight) };

    private AdaptiveLimit Grown(double gradient, ConcurrencyPolicy policy)
    {
        if (Doubt is { } doubt && doubt.Windows >= Patience)
        {
            // Fewer requests were answered faster: it was a queue.
            return this with { Limit = Math.Min(doubt.Limit, policy.Max), Doubt = null, Patience = Math.Min(2 * Patience, MaxPatience) };
        }

        var room = Math.Sqrt(Limit);
        var growth = !HasStarted ? Limit * StartingGrowth : gradient >= Ease ? room : room * Smoothing;
        return this with { Limit = Math.Min(Limit + growth, policy.Max), Doubt = Doubt?.Shorter() };
    }

    private AdaptiveLimit Cut(double gradient, ConcurrencyPolicy policy)
    {
        var doubt = (Doubt ?? new(Limit, Latency, InFlight, 0)).Longer(Limit, Latency, InFlight);
        if (doubt.Windows == Patience)
        {
            doubt = new(Limit, Latency, InFlight, Patience);
        }

        if (InFlight > doubt.InFlight * FewerRequests)
        {
            var target = (gradient * Limit) + Math.Sqrt(Limit);
            var limit = doubt.Windows >= Patience ? Limit * ProvingCut : Limit + ((target - Limit) * Smoothing);
            return this with { Limit = Math.Clamp(limit, policy.Min, policy.Max), Doubt = doubt };
        }

        var isSlower = Latency > doubt.Latency * LittleFaster;
        return isSlower
            ? this with { Limit = Math.Min(doubt.Limit, policy.Max), Usual = Latency, Doubt = null, Patience = FirstPatience }
            : this with { Doubt = new(Limit, Latency, InFlight, 1) };
    }
}

/// <summary>The requests answered within one window of time.</summary>
/// <param name="Samples">The number of requests.</param>
/// <param name="Latency">Their mean latency, in microseconds.</param>
/// <param name="InFlight">
/// The mean number of requests waiting when one of them began, itself included.
/// </param>
public readonly record struct LatencyWindow(long Samples, double Latency, double InFlight);
