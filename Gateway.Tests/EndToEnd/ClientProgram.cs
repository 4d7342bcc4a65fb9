using System.Diagnostics;

namespace Gateway.Tests.EndToEnd;

/// <summary>Runs a client's program to its end, for at most half a minute.</summary>
internal static class ClientProgram
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    /// <returns>Its exit code and its standard output and error together.</returns>
    public static async Task<(int Code, string Out)> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        using var limit = new CancellationTokenSource(Timeout);
        try
        {
            var (shown, errors) = (process.StandardOutput.ReadToEndAsync(limit.Token), process.StandardError.ReadToEndAsync(limit.Token));
            await process.WaitForExitAsync(limit.Token);
            return (process.ExitCode, await shown + await errors);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
            }
        }
    }
}
