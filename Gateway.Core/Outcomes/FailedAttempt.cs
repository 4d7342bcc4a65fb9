namespace Gateway.Core.Outcomes;

/// <summary>An attempt that counted as the endpoint's failure, for diagnosis.</summary>
/// <param name="Status">The status of the answer; 0 if no head came.</param>
/// <param name="Detail">The transport's detail: one line of at most <see cref="MaxDetailLength"/> characters, or empty.</param>
/// <param name="At">When it failed, by the replica's monotonic clock.</param>
public sealed record FailedAttempt(FailureReason Reason, int Status, string Detail, TimeSpan At)
{
    public const int MaxDetailLength = 200;

    /// <summary>The text shown in events: <c>Connect: Connection refused</c>, <c>Status 503</c>.</summary>
    public string Text => Reason == FailureReason.Status ? $"{Reason} {Status}" : Detail.Length > 0 ? $"{Reason}: {Detail}" : Reason.ToString();

    /// <summary>Reduces a detail to one line of limited length.</summary>
    internal static string Clean(string? detail) => detail is null ? "" : string.Create(
        Math.Min(detail.Length, MaxDetailLength), detail, static (line, text) =>
        {
            for (var i = 0; i < line.Length; i++)
            {
                line[i] = char.IsControl(text[i]) ? ' ' : text[i];
            }
        });
}
