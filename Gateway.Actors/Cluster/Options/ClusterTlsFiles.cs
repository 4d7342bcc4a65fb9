namespace Gateway.Actors.Cluster.Options;

/// <summary>The PEM files of mutual TLS. They are read again for every incarnation in the cluster, so renewed ones take effect by themselves.</summary>
public sealed record ClusterTlsFiles(string Certificate, string Key, string Authority)
{
    /// <summary>Reads the files. Throws <see cref="IOException"/> if one cannot be read or used.</summary>
    public ClusterTls Load() => ClusterTls.Parse(File.ReadAllText(Certificate), File.ReadAllText(Key), File.ReadAllText(Authority)) switch
    {
        ClusterTlsResult.Loaded(var tls) => tls,
        ClusterTlsResult.Faulty(var part, var what) => throw new IOException($"{PathOf(part)} {what}"),
        var other => throw new InvalidOperationException($"unexpected result: {other}"),
    };

    public string PathOf(ClusterTlsPart part) => part switch
    {
        ClusterTlsPart.Certificate => Certificate,
        ClusterTlsPart.Key => Key,
        _ => Authority,
    };
}
