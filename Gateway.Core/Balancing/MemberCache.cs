namespace Gateway.Core.Balancing;

/// <summary>
/// Caches a structure built from a pool's members until a member or a weight changes. Availability is ignored, so an ejection
/// rebuilds nothing. Not thread-safe.
/// </summary>
internal sealed class MemberCache<T>(Func<IReadOnlyList<Candidate>, T> build)
    where T : class
{
    private Candidate[] _members = [];
    private T? _built;

    public T For(IReadOnlyList<Candidate> members)
    {
        if (_built is null || !IsBuiltFrom(members))
        {
            _members = [.. members];
            _built = build(members);
        }

        return _built;
    }

    private bool IsBuiltFrom(IReadOnlyList<Candidate> members) =>
        members.Count == _members.Length && members.Zip(_members).All(pair => pair.First.Cell == pair.Second.Cell && pair.First.Weight == pair.Second.Weight);
}
