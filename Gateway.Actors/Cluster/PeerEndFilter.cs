using Microsoft.Extensions.Logging;

namespace Gateway.Actors.Cluster;

/// <summary>
/// Filters from remoting's log the errors with stack traces for connections that end because the other replica has: membership logs that
/// in one line. Matches the text as written: the actor system's own filter occasionally misses one.
/// </summary>
/// <param name="inner">The underlying log; its owner disposes of it.</param>
internal sealed class PeerEndFilter(ILoggerFactory inner) : ILoggerFactory
{
    private const string PeerEnded = "Disassociated";

    public ILogger CreateLogger(string categoryName) => new Filtered(inner.CreateLogger(categoryName));

    public void AddProvider(ILoggerProvider provider) => inner.AddProvider(provider);

    public void Dispose()
    {
    }

    private sealed class Filtered(ILogger inner) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => inner.BeginScope(state);

        public bool IsEnabled(LogLevel logLevel) => inner.IsEnabled(logLevel);

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel) && !formatter(state, exception).Contains(PeerEnded, StringComparison.Ordinal))
            {
                inner.Log(logLevel, eventId, state, exception, formatter);
            }
        }
    }
}
