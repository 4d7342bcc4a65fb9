namespace Gateway.Node.Tracing;

/// <summary>Which requests are traced.</summary>
/// <param name="Spans">Makes their spans.</param>
/// <param name="Sample">The share of those that nobody has decided on.</param>
/// <param name="FollowParent">Whether the decision of whoever sent the request is obeyed.</param>
internal sealed record TraceRule(Spans Spans, double Sample, bool FollowParent);
