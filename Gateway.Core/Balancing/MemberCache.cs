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
        if (_built is null || !members.SequenceEqual(_members, SameMember.Instance))
        {
            _members = [.. members];
            _built = build(members);
        }

        return _built;
    }

    private sealed class SameMember : IEqualityComparer<Candidate>
    {
        public static readonly SameMember Instance = new();

        public bool Equals(Candidate x, Candidate y) => x.Cell == y.Cell && x.Weight == y.Weight;

        public int GetHashCode(Candidate obj) => HashCode.Combine(obj.Cell, obj.Weight);
    }
}
