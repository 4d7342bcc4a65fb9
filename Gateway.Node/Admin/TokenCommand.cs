using System.CommandLine;
using System.Security.Cryptography;

namespace Gateway.Node.Admin;

/// <summary><c>gateway token</c>: creates the file for <c>--admin-token-file</c>, unless it exists.</summary>
internal static class TokenCommand
{
    private const int Bytes = 32;
    private const UnixFileMode Readable = UnixFileMode.UserRead | UnixFileMode.GroupRead;

    public static Command Create()
    {
        var path = new Argument<string>("path") { Description = "Path of the token file; an existing file is kept." };
        var command = new Command("token", "Create a token file for the admin API.") { path };
        command.SetAction((parsed, cancellation) => RunAsync(parsed, parsed.GetRequiredValue(path), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, string path, CancellationToken cancellation)
    {
        var console = parsed.InvocationConfiguration;
        if (File.Exists(path))
        {
            await console.Output.WriteLineAsync($"gateway: {path} already exists; not changed");
            return 0;
        }

        try
        {
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = Readable;
            }

            await using var file = new FileStream(path, options);
            await using var writer = new StreamWriter(file);
            await writer.WriteLineAsync(RandomNumberGenerator.GetHexString(2 * Bytes, lowercase: true).AsMemory(), cancellation);
            await console.Output.WriteLineAsync($"gateway: created {path} with a new token");
            return 0;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            await console.Error.WriteLineAsync($"gateway: {path} cannot be written: {error.Message}");
            return 1;
        }
    }
}
