using System.Net;

namespace Gateway.Node.Limiting;

/// <summary>The allowed and denied clients, prepared.</summary>
internal sealed class ClientRule
{
    private readonly NetworkSet _allowed;
    private readonly NetworkSet _denied;

    private ClientRule(ClientSettings settings) => (_allowed, _denied) = (new(settings.Allow), new(settings.Deny));

    /// <summary>null: all are allowed.</summary>
    public static ClientRule? Of(ClientSettings? settings) => settings is null or { Allow.IsEmpty: true, Deny.IsEmpty: true } ? null : new(settings);

    public bool Admits(IPAddress client) => !_denied.Contains(client) && (_allowed.IsEmpty || _allowed.Contains(client));
}
