namespace Gateway.Node.Proxying;

/// <summary>Where one client's requests are served in turn (over HTTP/2: those of one stream after another), and what is kept between them.</summary>
internal sealed class RequestSlot
{
    public DefaultHttpContext Context { get; } = new();

    /// <summary>What was told of the client at its last request: mostly the same is to be told again.</summary>
    public ClientIdentity Identity { get; } = new();
}
