namespace Gateway.Actors.Cluster.Options;

/// <summary>Where the PEM files of mutual TLS are. They are read again for every life in the cluster, so renewed ones come into use by themselves.</summary>
public sealed record ClusterTlsFiles(string Certificate, string Key, string Authority)
{
    /// <summary>Throws <see cref="IOException"/> when a file cannot be read or used.</summary>
    public ClusterTls Load() => ClusterTls.Parse(File.ReadAllText(Certificate), File.ReadAllText(Key), File.ReadAllText(Authority)) switch
    {
        ClusterTlsResult.Loaded(var tls) => tls,
        ClusterTlsResult.Faulty(var part, var what) => throw new IOException($"{PathOf(part)} {what}"),
        var other => throw new InvalidOperationException($"no such result: {other}"),
    };

    public string PathOf(ClusterTlsPart part) => part switch
    {
        ClusterTlsPart.Certificate => Certificate,
        ClusterTlsPart.Key => Key,
        _ => Authority,
    };
}
