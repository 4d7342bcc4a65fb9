using Microsoft.Extensions.Logging;

namespace Gateway.Actors.Cluster;

/// <summary>
/// The log of remoting without what it says, as an error with a stack trace, of each connection that ends because the other replica has: membership says that
/// in a line. By the text as it is written: the filter of the actor system lets one through now and then.
/// </summary>
/// <param name="beneath">Where the log goes; its owner ends it.</param>
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
