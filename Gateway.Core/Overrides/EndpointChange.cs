namespace Gateway.Core.Overrides;

/// <summary>What an operator can say of an endpoint.</summary>
public abstract record EndpointChange
{
    private EndpointChange()
    {
    }

    /// <summary>The pool has it too, from now on; one that was removed is back.</summary>
    public sealed record Add(AddedEndpoint Endpoint) : EndpointChange;

    /// <summary>The pool has it no more, whatever the settings say.</summary>
    public sealed record Remove : EndpointChange;

    /// <summary>It gets no new attempts.</summary>
    public sealed record Drain : EndpointChange;

    /// <summary>It gets new attempts again.</summary>
    public sealed record Undrain : EndpointChange;

    /// <summary>It has this weight, whatever the settings say.</summary>
    public sealed record Reweight(int Weight) : EndpointChange;

    /// <summary>The settings hold again.</summary>
    public sealed record Revert : EndpointChange;

    /// <summary>The word that stands after this change.</summary>
    /// <param name="known">The word until now; null: none.</param>
    /// <param name="stamp">Later than any known.</param>
    public EndpointOverride On(EndpointOverride? known, Stamp stamp, string who)
    {
        var before = (known ?? new(stamp)) with { Stamp = stamp, Who = who.Length > EndpointOverride.LongestWho ? who[..EndpointOverride.LongestWho] : who };
        return this switch
        {
            Add(var endpoint) => before with { Removed = false, Added = endpoint, Weight = null, Draining = false },
            Remove => before with { Removed = true, Draining = false },
            Drain => before with { Draining = true },
            Undrain => before with { Draining = false },
            Reweight(var weight) => before with { Weight = weight },
            Revert => new(stamp, Who: before.Who),
            _ => throw new InvalidOperationException($"no such change: {this}"),
        };
    }
}
