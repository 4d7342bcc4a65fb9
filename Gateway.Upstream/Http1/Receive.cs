namespace Gateway.Upstream.Http1;

/// <summary>The receive of a connection, of which there is at most one.</summary>
internal enum Receive
{
    None,
    Pending,

    /// <summary>What it brought is not taken yet.</summary>
    Completed,
}
