using System.Collections.Immutable;
using System.Text;
using Gateway.Core.Balancing;
using Gateway.Http;

namespace Gateway.Node.Routing;

/// <summary>A route's split, prepared. Immutable; choosing allocates nothing.</summary>
internal sealed class RouteSplit<T>(SplitSettings settings, Func<string, T> targetOf)
{
    private readonly ImmutableArray<T> _targets = [.. settings.Pools.Select(share => targetOf(share.Pool))];
    private readonly WeightedSplit _shares = new([.. settings.Pools.Select(share => share.Weight)]);
    private readonly byte[] _name = Encoding.ASCII.GetBytes(settings.Name ?? "");

    /// <summary>Whether the client's address decides.</summary>
    public bool IsByClient => settings.By == SplitKey.Client;

    /// <summary>Chooses the target of a request.</summary>
    /// <param name="client">The hash key of the client; used only if <see cref="IsByClient"/>.</param>
    /// <param name="random">Decides if nothing in the request does.</param>
    /// <param name="isKept">Whether the same client gets the same target again, because something in the request has decided.</param>
    public T Choose(FieldSection fields, ReadOnlySpan<byte> head, ulong client, ulong random, out bool isKept)
    {
        var point = random;
        isKept = true;
        switch (settings.By)
        {
            case SplitKey.Client:
                point = WeightedSplit.PointOf(client);
                break;
            case SplitKey.Header when FieldText.TryFind(fields, head, _name, out var value):
                point = WeightedSplit.PointOf(value);
                break;
            case SplitKey.Cookie when CookieText.TryFind(fields, head, _name, out var cookie):
                point = WeightedSplit.PointOf(cookie);
                break;
            default:
                isKept = false;
                break;
        }

        return _targets[_shares.At(point)];
    }
}
