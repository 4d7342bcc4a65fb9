using Gateway.Actors.Cluster.Options;

namespace Gateway.Node.Settings.Binding;

/// <summary>Reads the files of mutual TLS, so that an error in them stops the startup instead of the first connection.</summary>
internal sealed class ClusterTlsCheck(SettingsSource source, LayeredSettings given, Faults faults)
{
    public async Task RunAsync(ClusterTlsFiles files, CancellationToken cancel)
    {
        var certificate = await ReadAsync(ClusterTlsPart.Certificate, files, cancel).ConfigureAwait(false);
        var key = await ReadAsync(ClusterTlsPart.Key, files, cancel).ConfigureAwait(false);
        var authority = await ReadAsync(ClusterTlsPart.Authority, files, cancel).ConfigureAwait(false);
        if (certificate is not null && key is not null && authority is not null &&
            ClusterTls.Parse(certificate, key, authority) is ClusterTlsResult.Faulty(var part, var what))
        {
            Add(part, files, what);
        }
    }

    private async Task<string?> ReadAsync(ClusterTlsPart part, ClusterTlsFiles files, CancellationToken cancel)
    {
        try
        {
            return await source.ReadFile(files.PathOf(part), cancel).ConfigureAwait(false);
        }
        catch (Exception e) when (FileReading.IsFault(e))
        {
            Add(part, files, FileReading.Reason(e, files.PathOf(part)));
            return null;
        }
    }

    private void Add(ClusterTlsPart part, ClusterTlsFiles files, string what)
    {
        var key = part switch
        {
            ClusterTlsPart.Certificate => "clusterTlsCert",
            ClusterTlsPart.Key => "clusterTlsKey",
            _ => "clusterTlsCa",
        };
        faults.Add(key, given.Where(key), $"{Faults.Quote(files.PathOf(part))} {what}; allowed: the path of a readable PEM file");
    }
}
