using System.Reflection;
using System.Text;
using Gateway.Actors.Composition;
using Gateway.Cli.Invocation;
using Gateway.Node.Composition;
using Gateway.Upstream;
using Gateway.Wire;
using Microsoft.Extensions.Logging;

namespace Gateway.Tests.Docs;

/// <summary>A message that the gateway can log.</summary>
/// <param name="Level">Null: chosen at run time.</param>
/// <param name="Type">The type that logs it, without its namespace.</param>
internal sealed record LogEvent(int Id, string? Name, LogLevel? Level, string Message, string Type);

/// <summary>Generates docs/events.md from the log messages in the gateway's assemblies.</summary>
internal static class EventIndex
{
    private const string Introduction =
        """
        # Log events

        <!-- Generated from the code by Gateway.Tests/Docs/EventIndex.cs. Do not edit: change the message where it is logged. -->

        Every message that the gateway logs, by event id. The gateway logs transitions, never single requests; for those, see the
        [access log](access-log.md). Ids and names are unique and do not change once released, so they can be searched for and alerted on.

        The name is the `type` of the event in the [admin API](admin-api.md#events) and in the events of the live page, which have the events of level `info` and
        above. Words in braces are fields of the event; `fields` has them by name, with the first letter in lower case. Where the level is `varies`, it depends on the
        transition: getting worse is a warning, recovering is information.

        For what to do about them, see [troubleshooting](troubleshooting.md).

        | id | name | level | message | logged by |
        |---|---|---|---|---|

        """;

    /// <summary>All messages, by id.</summary>
    public static IReadOnlyList<LogEvent> All { get; } =
    [
        .. ((Type[])[typeof(ActorEnvironment), typeof(GatewayHost), typeof(BackendTls), typeof(EventLoop), typeof(Pbm)])
            .SelectMany(type => type.Assembly.GetTypes())
            .SelectMany(type => type.GetMethods(BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            .Select(method => (Method: method, Attribute: method.GetCustomAttribute<LoggerMessageAttribute>()))
            .Where(found => found.Attribute is not null)
            .Select(found => new LogEvent(
                found.Attribute!.EventId, found.Attribute.EventName, found.Attribute.Level == LogLevel.None ? null : found.Attribute.Level, found.Attribute.Message,
                Owner(found.Method.DeclaringType!).Name))
            .OrderBy(log => log.Id).ThenBy(log => log.Name, StringComparer.Ordinal),
    ];

    public static string Text()
    {
        var text = new StringBuilder(Introduction);
        foreach (var log in All)
        {
            var level = log.Level switch { null => "varies", LogLevel.Information => "info", LogLevel.Warning => "warn", var other => other.Value.ToString().ToLowerInvariant() };
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"| {log.Id} | `{log.Name}` | {level} | {log.Message.Replace("|", "\\|", StringComparison.Ordinal)} | `{log.Type}` |\n");
        }

        return text.ToString();
    }

    private static Type Owner(Type type) => type.DeclaringType is { } outer ? Owner(outer) : type;
}
