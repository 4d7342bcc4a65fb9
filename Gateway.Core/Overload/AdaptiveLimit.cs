namespace Gateway.Core.Overload;

/// <summary>
/// How many requests of a pool may wait for their answer at once, found by a gradient on latency (the family of Vegas, and of Gradient2 in Netflix'
/// concurrency-limits). A window is at least 100 ms, ten answers and one latency long; at its end
/// <code>
/// gradient = tolerance * usual / latency, within 0.5 and 1
/// limit    moves towards gradient * limit + sqrt(limit)         all the way while the latency is well within what is tolerated, else by a fifth
/// </code>
/// The square root is the room for a queue. With a usual latency of 10 ms and 100 requests served at once, a flood settles where
/// limit * (1 - gradient) = sqrt(limit): at 163 requests that take 16.3 ms each.
/// <para>
/// The limit stays as it is while less than half of it is used: then the latency says nothing about it. Only in such windows does the usual latency follow
/// the latency upwards. While the limit is used it only falls: else it would follow the queue that it is to bound, and the limit would grow with it for as
/// long as the flood lasts.
/// </para>
/// <para>
/// A backend that has become slower is told from one that has too much to do by the cut itself. Once the requests are fewer by three tenths, a queue would
/// have become shorter by as much. If the latency has hardly changed, it is the usual one from now on, and the limit is what it was before the cut. A cut
/// that has settled before it could tell goes on after a while, until the latency is tolerated again (it was a queue, and the limit is what it was) or the
/// requests are few enough; each time that it was a queue doubles the time until the next. Nothing else lowers the limit to measure. A known gap: a backend
/// that loses capacity all the time is taken for a slower one.
/// </para>
/// </summary>
public sealed record AdaptiveLimit
{
    /// <summary>The share of the limit that is to be used for the limit to move.</summary>
    private const double UsedShare = 0.5;

    private const double LowestGradient = 0.5;

    /// <summary>How far a cut, and growth near the tolerance, goes in one window.</summary>
    private const double Smoothing = 0.2;

    /// <summary>How far the usual latency follows the latency in one window: about 5 s at ten windows a second.</summary>
    private const double LongWeight = 0.02;

    /// <summary>With a gradient that would be this high the limit grows at its full pace.</summary>
    private const double Ease = 1.2;

    /// <summary>Until the latency has risen for the first time, the limit grows by so much of itself.</summary>
    private const double StartingGrowth = 0.5;

    /// <summary>So much fewer requests tell a queue from a slow backend.</summary>
    private const double FewerRequests = 0.7;

    /// <summary>Half of what a queue of so many fewer requests would save.</summary>
    private const double LittleFaster = 0.85;

    /// <summary>How much is left of the limit in each window once a cut that has settled goes on until it proves something.</summary>
    private const double ProvingCut = 0.9;

    /// <summary>Windows after which it does. Doubled each time that it was a queue.</summary>
    private const int FirstPatience = 30;

    private const int LongestPatience = 960;

    /// <summary>How far what is gone by follows the newest window.</summary>
    private const double ShortWeight = 0.4;

    private const int FewestSamples = 10;

    private static readonly TimeSpan ShortestWindow = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan LongestLatency = TimeSpan.FromSeconds(5);

    /// <summary>Nothing has been answered yet: the limit is the lowest.</summary>
    public static AdaptiveLimit Unknown { get; } = new();

    /// <summary>In requests; to be taken within the bounds of the policy.</summary>
    public double Limit { get; init; }

    /// <summary>The usual latency, in microseconds; 0: not known yet.</summary>
    public double Usual { get; init; }

    /// <summary>The latency of the last windows, in microseconds.</summary>
    public double Latency { get; init; }

    /// <summary>How many waited when a request of the last windows began.</summary>
    public double InFlight { get; init; }

    /// <summary>Whether the latency has been beyond what is tolerated since the beginning.</summary>
    public bool HasStarted { get; init; }

    /// <summary>Since when the latency is beyond what is tolerated; null: it is not.</summary>
    public LatencyDoubt? Doubt { get; init; }

    /// <summary>Windows that a doubt may last before the cut goes on until it proves something.</summary>
    public int Patience { get; init; } = FirstPatience;

    /// <summary>When the window may end, by the monotonic clock.</summary>
    public TimeSpan Until { get; init; }

    /// <summary>Whether the window ends now.</summary>
    public bool IsDue(long samples, TimeSpan now) => samples >= FewestSamples && now >= Until;

    /// <summary>The limit after a window.</summary>
    /// <param name="inFlight">Requests that wait at its end.</param>
    public AdaptiveLimit Next(in LatencyWindow window, int inFlight, ConcurrencyPolicy policy, TimeSpan now)
    {
        var next = this with { Limit = Math.Clamp(Limit, policy.Min, policy.Max), Until = now + LengthAt(window.Latency) };
        if (Until == default)
        {
            return next; // The first answers are the quickest ones, and no measure.
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
        return gradient >= 1 ? next.Grown(gradient, policy) : next.Cut(Math.Max(gradient, LowestGradient), policy);
    }

    private static TimeSpan LengthAt(double latency)
    {
        var length = TimeSpan.FromMicroseconds(Math.Min(latency, LongestLatency.TotalMicroseconds));
        return length > ShortestWindow ? length : ShortestWindow;
    }

    private AdaptiveLimit Seen(in LatencyWindow window) => Usual == 0
        ? this with { Usual = window.Latency, Latency = window.Latency, InFlight = window.InFlight }
        : this with { Latency = Latency + ((window.Latency - Latency) * ShortWeight), InFlight = InFlight + ((window.InFlight - InFlight) * ShortWeight) };

    private AdaptiveLimit Grown(double gradient, ConcurrencyPolicy policy)
    {
        if (Doubt is { } doubt && doubt.Windows >= Patience)
        {
            // Fewer requests were answered in less time: it was a queue.
            return this with { Limit = Math.Min(doubt.Limit, policy.Max), Doubt = null, Patience = Math.Min(2 * Patience, LongestPatience) };
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
            return this with { Limit = Math.Clamp(limit, policy.Min, policy.Max), HasStarted = true, Doubt = doubt };
        }

        var isSlower = Latency > doubt.Latency * LittleFaster;
        return isSlower
            ? this with { Limit = Math.Min(doubt.Limit, policy.Max), Usual = Latency, HasStarted = true, Doubt = null, Patience = FirstPatience }
            : this with { HasStarted = true, Doubt = new(Limit, Latency, InFlight, 1) };
    }
}
