using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Gateway.Node.Limiting;

/// <summary>The served hosts: exact ones, and all below a domain. Immutable; looking up allocates nothing.</summary>
internal sealed class HostList
{
    private readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> _exact;
    private readonly ImmutableArray<string> _suffixes;

    private HostList(ImmutableArray<string> hosts)
    {
        _exact = hosts.Where(h => !IsWildcard(h)).ToFrozenSet(StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();
        _suffixes = [.. hosts.Where(IsWildcard).Select(h => h[1..])];
    }

    /// <summary>null: all are served.</summary>
    public static HostList? Of(ImmutableArray<string> hosts) => hosts.IsDefaultOrEmpty ? null : new(hosts);

    /// <param name="host">Without port; may be empty.</param>
    public bool Has(ReadOnlySpan<char> host)
    {
        if (_exact.Contains(host))
        {
            return true;
        }

        foreach (var suffix in _suffixes)
        {
            if (host.Length > suffix.Length && host.EndsWith(suffix, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsWildcard(string host) => host.StartsWith("*.", StringComparison.Ordinal);
}
