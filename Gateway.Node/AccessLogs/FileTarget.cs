using System.Globalization;

namespace Gateway.Node.AccessLogs;

/// <summary>
/// Appends to a file. When the file would become too large, or is too old, it is renamed with its time as a suffix, and a new one is begun; the oldest renamed
/// ones are deleted. After an error the file is reopened for the next lines, which then begin on a new line.
/// </summary>
/// <param name="maxSize">In bytes; 0: no limit.</param>
/// <param name="maxAge">Zero: no limit.</param>
/// <param name="kept">The number of rotated files kept.</param>
internal sealed class FileTarget(string path, long maxSize, TimeSpan maxAge, int kept, TimeProvider clock) : ILogTarget
{
    private const string Suffix = "yyyyMMdd-HHmmss";

    private readonly string _path = Path.GetFullPath(path);
    private FileStream? _file;
    private DateTimeOffset _since;
    private bool _isTorn;

    public void Write(ReadOnlySpan<byte> lines)
    {
        try
        {
            var file = _file ??= Open();
            if (file.CanSeek && file.Length > 0 && ((maxSize > 0 && file.Length + lines.Length > maxSize) || (maxAge > TimeSpan.Zero && clock.GetUtcNow() - _since >= maxAge)))
            {
                file = Rotate();
            }

            if (_isTorn)
            {
                file.Write("\n"u8);
                _isTorn = false;
            }

            file.Write(lines);
        }
        catch
        {
            _isTorn = true;
            Dispose();
            throw;
        }
    }

    public void Reopen() => Dispose();

    public void Dispose()
    {
        _file?.Dispose();
        _file = null;
    }

    private FileStream Open()
    {
        var file = new FileStream(_path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        _since = !file.CanSeek || file.Length == 0 ? clock.GetUtcNow() : File.GetCreationTimeUtc(_path);
        return file;
    }

    private FileStream Rotate()
    {
        Dispose();
        var stamp = $"{_path}.{clock.GetUtcNow().ToString(Suffix, CultureInfo.InvariantCulture)}";
        var name = stamp;
        for (var i = 1; File.Exists(name); i++)
        {
            name = $"{stamp}.{i.ToString("D3", CultureInfo.InvariantCulture)}";
        }

        File.Move(_path, name);
        foreach (var old in Rotated().SkipLast(kept))
        {
            File.Delete(old);
        }

        return _file = Open();
    }

    /// <summary>The rotated files, oldest first.</summary>
    private List<string> Rotated() =>
        Directory.EnumerateFiles(Path.GetDirectoryName(_path)!, Path.GetFileName(_path) + ".*")
            .Where(file => IsStamp(file.AsSpan(_path.Length + 1)))
            .Order(StringComparer.Ordinal)
            .ToList();

    private static bool IsStamp(ReadOnlySpan<char> suffix) =>
        suffix.Length >= Suffix.Length && DateTime.TryParseExact(suffix[..Suffix.Length], Suffix, CultureInfo.InvariantCulture, DateTimeStyles.None, out _);
}
