namespace Gateway.Tests;

/// <summary>Files in a temporary folder, deleted on disposal.</summary>
internal sealed class TemporaryFiles : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("gateway-tests-");

    public TemporaryFiles(IEnumerable<KeyValuePair<string, string>> texts)
    {
        foreach (var (name, text) in texts)
        {
            File.WriteAllText(this[name], text);
        }
    }

    /// <summary>The path of a file.</summary>
    public string this[string name] => Path.Combine(_folder.FullName, name);

    public void Dispose() => _folder.Delete(recursive: true);
}
