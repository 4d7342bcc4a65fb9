namespace Gateway.Core.Balancing;

/// <summary>What one pick goes by. A picker has no clock and no random source of its own.</summary>
/// <param name="Key">The request's hash key (the client's address), for the strategies that hash.</param>
/// <param name="Random">Sixty-four random bits.</param>
/// <param name="Now">A monotonic reading.</param>
/// <param name="Tried">Endpoints that this request has tried already; null for the first attempt.</param>
/// <param name="Queue">Whether a full endpoint will do, where the attempt waits for its turn: asked for when no endpoint has room.</param>
/// <param name="Insist">Whether an endpoint will do that others speak against and that has its one attempt out: asked for when no other has room.</param>
public readonly record struct PickContext(
    ulong Key, ulong Random, TimeSpan Now, TriedEndpoints? Tried = null, bool Queue = false, bool Insist = false);
