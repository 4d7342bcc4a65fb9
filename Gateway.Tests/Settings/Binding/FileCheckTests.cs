using Gateway.Node.Settings;
using Gateway.Node.Settings.Loading;

namespace Gateway.Tests.Settings.Binding;

/// <summary>Files named in settings: each is opened when they are loaded, relative paths by their source.</summary>
public sealed class FileCheckTests : IDisposable
{
    private readonly TemporaryFiles _files = new(TestCertificates.Files
        .Append(new("ca+key.pem", TestCertificates.Files["a.crt"] + "\n" + TestCertificates.Files["a.key"]))
        .Append(new("token", "0123456789abcdef"))
        .Append(new("short", "abc")));

    public void Dispose() => _files.Dispose();

    [Theory]
    [InlineData("\"adminTokenFile\": \"none\"", "adminTokenFile: '{0}none' does not exist; allowed: the path of a readable file")]
    [InlineData("\"adminTokenFile\": \".\"", "adminTokenFile: '{0}.' is a directory; allowed: the path of a readable file")]
    [InlineData("\"adminTokenFile\": \"short\"", "adminTokenFile: '{0}short' contains no token; allowed: one line of 16 to 1024 visible ASCII characters")]
    [InlineData("\"pools\": { \"default\": { \"tls\": { \"authorities\": \"none\" } } }", "pools.default.tls.authorities: '{0}none' does not exist; allowed: the path of a readable PEM file")]
    [InlineData("\"pools\": { \"default\": { \"tls\": { \"authorities\": \"token\" } } }", "pools.default.tls.authorities: '{0}token' contains no certificate; allowed: the path of a readable PEM file with certificates")]
    [InlineData("\"pools\": { \"default\": { \"tls\": { \"certificate\": \"a.crt\" } } }", "pools.default.tls.certificate: '{0}a.crt' does not contain a certificate and its private key; allowed: the path of a readable PEM file with both")]
    [InlineData(
        "\"clusterAddr\": \"a:1\", \"clusterTlsCert\": \"a.crt\", \"clusterTlsKey\": \"none\", \"clusterTlsCa\": \"ca.crt\"",
        "clusterTlsKey: '{0}none' does not exist; allowed: the path of a readable PEM file")]
    public async Task A_file_that_a_start_could_not_use_is_one_line(string keys, string line)
    {
        var faulty = Assert.IsType<SettingsResult.Faulty>(await LoadAsync(keys));

        var folder = Path.GetDirectoryName(_files["gateway.json"]) + "/";
        Assert.Equal(
            [$"gateway: {_files["gateway.json"]}: {line.Replace("{0}", folder, StringComparison.Ordinal)}"], faulty.Faults.AsEnumerable());
    }

    [Fact]
    public async Task Relative_paths_of_the_file_are_relative_to_it()
    {
        var loaded = Assert.IsType<SettingsResult.Loaded>(await LoadAsync(
            """ "adminTokenFile": "token", "pools": { "default": { "tls": { "authorities": "ca.crt", "certificate": "./ca+key.pem" } } } """));

        Assert.Equal(_files["token"], loaded.Settings.AdminTokenFile);
        Assert.Equal(_files["ca.crt"], loaded.Settings.Pools[0].Connections.Tls.Authorities);
    }

    [Fact]
    public async Task A_path_given_by_a_flag_is_relative_to_the_working_directory() =>
        Assert.Equal(
            ["gateway: --admin-token-file: 'token' does not exist; allowed: the path of a readable file"],
            Assert.IsType<SettingsResult.Faulty>(await LoadAsync("", "--admin-token-file", "token")).Faults.AsEnumerable());

    private async Task<SettingsResult> LoadAsync(string keys, params string[] flags)
    {
        await File.WriteAllTextAsync(_files["gateway.json"], $"{{ {keys} }}");
        var command = new GatewayCommand((_, _, _) => Task.FromResult(0));
        var source = SettingsSource.OfProcess(command.Parse(["--config", _files["gateway.json"], .. Given.OneEndpoint.Split(' '), .. flags]));
        return await SettingsLoader.LoadAsync(source with { Environment = new Dictionary<string, string>() });
    }
}
