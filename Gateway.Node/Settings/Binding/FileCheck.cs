using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Gateway.Node.Routing;

namespace Gateway.Node.Settings.Binding;

/// <summary>
/// Opens every file that a start with these settings would open, so that its errors are reported with all others, including by <c>--check-config</c> and a
/// reload.
/// </summary>
internal sealed class FileCheck(SettingsSource source, LayeredSettings given, Faults faults)
{
    private const string Pem = "the path of a readable PEM file";

    public async Task RunAsync(GatewaySettings settings, CancellationToken cancel)
    {
        if (settings.ClusterTls is { } tls)
        {
            await new ClusterTlsCheck(source, given, faults).RunAsync(tls, cancel).ConfigureAwait(false);
        }

        if (settings.Tls is { } serving)
        {
            await new ServedCertificateCheck(source, given, faults, TimeProvider.System).RunAsync(serving.Resolve(settings.HttpEngine)!, cancel).ConfigureAwait(false);
        }

        if (settings.Tls?.Clients is { } clients)
        {
            await CheckAsync("tls.clientAuthorities", clients.Authorities, Pem, FaultOfAuthorities, cancel).ConfigureAwait(false);
        }

        if (settings.AdminTokenFile is { } token)
        {
            await CheckAsync(
                "adminTokenFile", token, "the path of a readable file",
                text => AdminTokenText.Parse(text) is null ? $"contains no token; allowed: {AdminTokenText.Allowed}" : null, cancel).ConfigureAwait(false);
        }

        foreach (var (index, file) in settings.Routes.Select(r => r.Affinity?.KeyFile).Index())
        {
            if (file is not null)
            {
                await CheckAsync(
                    $"routes[{index}].affinity.keyFile", file, "the path of a readable file",
                    text => AffinityKey.Parse(text) is null ? $"contains no affinity key; allowed: {AffinityKey.Allowed}" : null, cancel).ConfigureAwait(false);
            }
        }

        foreach (var pool in settings.Pools)
        {
            var files = pool.Connections.Tls;
            if (files.Authorities is { } authorities)
            {
                await CheckAsync($"pools.{pool.Name}.tls.authorities", authorities, Pem, FaultOfAuthorities, cancel).ConfigureAwait(false);
            }

            if (files.Certificate is { } certificate)
            {
                await CheckAsync($"pools.{pool.Name}.tls.certificate", certificate, Pem, FaultOfCertificate, cancel).ConfigureAwait(false);
            }
        }
    }

    private async Task CheckAsync(string key, string path, string allowed, Func<string, string?> faultOf, CancellationToken cancel)
    {
        try
        {
            if (faultOf(await source.ReadFile(path, cancel).ConfigureAwait(false)) is { } fault)
            {
                faults.Add(key, given.Where(key), $"{Faults.Quote(path)} {fault}");
            }
        }
        catch (Exception e) when (FileReading.IsFault(e))
        {
            faults.Add(key, given.Where(key), $"{Faults.Quote(path)} {FileReading.Reason(e, path)}; allowed: {allowed}");
        }
    }

    private static string? FaultOfAuthorities(string text)
    {
        var authorities = new X509Certificate2Collection();
        try
        {
            authorities.ImportFromPem(text);
        }
        catch (CryptographicException)
        {
            // Reported below.
        }

        return authorities.Count > 0 ? null : $"contains no certificate; allowed: {Pem} with certificates";
    }

    private static string? FaultOfCertificate(string text)
    {
        try
        {
            using var certificate = X509Certificate2.CreateFromPem(text, text);
            return null;
        }
        catch (CryptographicException)
        {
            return $"does not contain a certificate and its private key; allowed: {Pem} with both";
        }
    }
}
