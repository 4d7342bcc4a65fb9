using Microsoft.Extensions.Logging;

namespace Gateway.Actors.Cluster;

/// <summary>
/// Filters from remoting's log the errors with stack traces for connections that end because the other replica has: membership logs that
/// in one line. Matches the text as written: the actor system's own filter occasionally misses one.
/// </summary>
/// <param name="beneath">The underlying log; its owner disposes of it.</param>
internal sealed class PeerEndFilter(ILoggerFactory beneath) : ILoggerFactory
{
    private const string PeerEnded = "Disassociated";

    public ILogger CreateLogger(string categoryName) => new Filtered(beneath.CreateLogger(categoryName));

    public void AddProvider(ILoggerProvider provider) => beneath.AddProvider(provider);

    public void Dispose()
    {
    }

    private sealed class Filtered(ILogger beneath) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => beneath.BeginScope(state);

        public bool IsEnabled(LogLevel logLevel) => beneath.IsEnabled(logLevel);

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel) && !formatter(state, exception).Contains(PeerEnded, StringComparison.Ordinal))
            {
                beneath.Log(logLevel, eventId, state, exception, formatter);
            }
        }
    }
}
