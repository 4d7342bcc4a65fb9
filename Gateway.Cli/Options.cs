using System.Collections.Immutable;
using System.Globalization;

namespace Gateway.Cli;

/// <summary>The command line of pbm: <c>pbm [host:port] [options] [palette command [switch value]...]</c>.</summary>
/// <param name="Server">The address of the admin API.</param>
/// <param name="Words">The command; empty: the interactive shell.</param>
/// <param name="Json">One JSON object per row instead of tables.</param>
/// <param name="TokenFile">The file with the token; null: from the environment.</param>
/// <param name="Color">Whether colours may be used if the terminal supports them.</param>
internal sealed record Options(Uri Server, ImmutableArray<string> Words, bool Json, string? TokenFile, bool Color, bool Help, bool Version)
{
    public const string DefaultServer = "127.0.0.1:9110";

    /// <summary>The environment variable with the address of the admin API.</summary>
    public const string ServerVariable = "PBM_HOST";

    public const string Usage =
        """
        pbm inspects and controls gateway replicas.

        Usage: pbm [host:port]                                        an interactive shell
               pbm [host:port] <palette> <command> [switch value]...   one command
               pbm [host:port] help [palette [command]]                the commands of that replica; also 'pbm gateway help', 'pbm gateway drain --help'

        host:port is a replica's --admin-addr, or an http:// or https:// URL of it. Default: PBM_HOST, then 127.0.0.1:9110.

        Options:
          --json               print one JSON object per row
          --token-file <path>  file with the token; default: PBM_TOKEN_FILE, PBM_TOKEN (the token itself), GATEWAY_ADMIN_TOKEN_FILE
          --no-color           print without colours, as NO_COLOR does
          --version, --help

        Exit codes: 0 success, 1 the command failed, 2 invalid command, 3 unreachable or not authorized, 130 interrupted.
        """;

    /// <summary>Throws <see cref="PbmException"/> for an unknown option.</summary>
    public static Options Parse(IReadOnlyList<string> args, Func<string, string?> environment)
    {
        var options = new Options(ServerOf(environment(ServerVariable) is { Length: > 0 } host ? host : DefaultServer), [], false, null, true, false, false);
        var words = ImmutableArray.CreateBuilder<string>();
        for (var i = 0; i < args.Count; i++)
        {
            switch (args[i])
            {
                case "--json":
                    options = options with { Json = true };
                    break;
                case "--no-color":
                    options = options with { Color = false };
                    break;
                case "--help" or "-h":
                    options = options with { Help = true };
                    break;
                case "--version":
                    options = options with { Version = true };
                    break;
                case "--token-file":
                    options = options with { TokenFile = ++i < args.Count ? args[i] : throw Fault("--token-file requires a path") };
                    break;
                case var option when option.StartsWith("--", StringComparison.Ordinal):
                    throw Fault($"unknown option {option}; see pbm --help");
                case var server when words.Count == 0 && server.Contains(':', StringComparison.Ordinal):
                    options = options with { Server = ServerOf(server) };
                    break;
                case var word:
                    words.Add(word);
                    break;
            }
        }

        return options with { Words = words.ToImmutable() };
    }

    /// <summary>The server's name in the prompt and in messages.</summary>
    public string ServerName => Server.IsDefaultPort ? Server.Host : string.Create(CultureInfo.InvariantCulture, $"{Server.Host}:{Server.Port}");

    private static Uri ServerOf(string text)
    {
        var address = text.Contains("://", StringComparison.Ordinal) ? text : $"http://{text}";
        return Uri.TryCreate(address, UriKind.Absolute, out var server) && server.Scheme is ("http" or "https") && server.Host.Length > 0
            ? server
            : throw Fault($"'{text}' is not an address; allowed: host:port");
    }

    private static PbmException Fault(string line) => new(ExitCode.Usage, line);
}
