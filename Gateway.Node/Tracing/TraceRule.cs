namespace Gateway.Node.Tracing;

/// <summary>Which requests are traced.</summary>
/// <param name="Spans">Creates their spans.</param>
/// <param name="Sample">The share traced of requests without a sampling decision.</param>
/// <param name="FollowParent">Whether the sender's sampling decision is followed.</param>
internal sealed record TraceRule(Spans Spans, double Sample, bool FollowParent);
