using System.CommandLine;
using System.CommandLine.Parsing;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Gateway.Node.Sample;

/// <summary>The flags of <c>gateway backend</c>. They are read as text, so that all errors have the same form.</summary>
internal sealed class BackendFlags
{
    private readonly Option<string> _listen = Flag("--listen-addr", "127.0.0.1:8001", "Address and port to listen on; port 0 selects a free one.");
    private readonly Option<string> _name = Flag("--name", "b1", "Name of the backend in X-Backend.");
    private readonly Option<string> _delay = Flag(Allowed.DelayMs, "0", "Delay before each answer in milliseconds");
    private readonly Option<string> _jitter = Flag(Allowed.JitterMs, "0", "Maximum random addition to the delay in milliseconds");
    private readonly Option<string> _errors = Flag(Allowed.ErrorRate, "0", "Share of requests answered with 503");
    private readonly Option<string> _status = Flag(Allowed.Status, "200", "Status of the other answers");
    private readonly Option<string> _size = Flag(Allowed.Size, "0", "Size of the body in bytes, 0 to echo the request as JSON");
    private readonly Option<bool> _log = new("--log") { Description = "Write one line per request to standard output." };

    public IEnumerable<Option> All => [_listen, _name, _delay, _jitter, _errors, _status, _size, _log];

    /// <summary>Creates options from the command line; returns errors in <paramref name="faults"/>, a line each.</summary>
    public SampleBackendOptions Read(ParseResult typed, out IReadOnlyList<string> faults)
    {
        var wrong = new List<string>(typed.Errors.Select(Line));
        wrong.AddRange(typed.UnmatchedTokens.Select(token => $"{token}: unknown flag; allowed: {string.Join(", ", All.Select(o => o.Name))}"));
        var options = new SampleBackendOptions
        {
            Listen = Endpoint(typed, wrong),
            Name = Name(typed, wrong),
            Delay = TimeSpan.FromMilliseconds(Number(typed, _delay, Allowed.DelayMs, wrong)),
            Jitter = TimeSpan.FromMilliseconds(Number(typed, _jitter, Allowed.JitterMs, wrong)),
            ErrorRate = Number(typed, _errors, Allowed.ErrorRate, wrong),
            Status = (int)Number(typed, _status, Allowed.Status, wrong),
            Size = (long)Number(typed, _size, Allowed.Size, wrong),
            Log = typed.GetValue(_log) ? typed.InvocationConfiguration.Output : null,
        };
        faults = wrong;
        return options;
    }

    private static Option<string> Flag(Allowed allowed, string standard, string description) =>
        Flag($"--{allowed.Name}", standard, $"{description}; {allowed}.");

    private static Option<string> Flag(string name, string standard, string description) =>
        new(name) { Description = description, DefaultValueFactory = _ => standard };

    private static string Line(ParseError error) => error.SymbolResult is OptionResult flag
        ? $"{flag.Option.Name} {string.Join(' ', flag.Tokens)}: requires one value"
        : error.Message.ReplaceLineEndings(" ");

    private static double Number(ParseResult typed, Option<string> flag, Allowed allowed, List<string> wrong)
    {
        var value = allowed.Lowest;
        if (Text(typed, flag, out var text) && !allowed.TryParse(text, out value))
        {
            wrong.Add($"{flag.Name} {text}: must be {allowed}");
        }

        return value;
    }

    private string Name(ParseResult typed, List<string> wrong)
    {
        if (Text(typed, _name, out var text) && !SampleBackendOptions.IsName(text))
        {
            wrong.Add($"{_name.Name} {text}: must be 1 to 64 letters, digits, dots, underscores, hyphens");
        }

        return text ?? "";
    }

    private IPEndPoint Endpoint(ParseResult typed, List<string> wrong)
    {
        if (!Text(typed, _listen, out var text))
        {
            return new IPEndPoint(IPAddress.Loopback, 0);
        }

        var colon = text.LastIndexOf(':');
        var host = colon < 0 ? "" : text[..colon];
        var literal = host == "localhost" ? "127.0.0.1" : host;
        if (ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, null, out var port)
            && IPAddress.TryParse(literal, out var address)
            && (address.AddressFamily != AddressFamily.InterNetworkV6 || literal.StartsWith('[')))
        {
            return new IPEndPoint(address, port);
        }

        wrong.Add($"{_listen.Name} {text}: must be address:port, such as 127.0.0.1:8001 or [::1]:8001, the port from 0 to 65535");
        return new IPEndPoint(IPAddress.Loopback, 0);
    }

    /// <summary>The text of a flag; false if the parser has already reported an error.</summary>
    private static bool Text(ParseResult typed, Option<string> flag, [NotNullWhen(true)] out string? text)
    {
        var faulty = typed.Errors.Any(error => error.SymbolResult is OptionResult result && result.Option == flag);
        text = faulty ? null : typed.GetValue(flag);
        return text is not null;
    }
}
