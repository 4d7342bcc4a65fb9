namespace Gateway.Node.Demo;

/// <summary>Prints the replicas' logs about backends, each line with the replica's name, since they share one terminal.</summary>
internal sealed class DemoLog(string replica, TextWriter lines) : ILoggerProvider
{
    public ILogger CreateLogger(string categoryName) => new Printer(this);

    public void Dispose()
    {
    }

    private void Print(string message) => lines.WriteLine($"{replica}  {message}");

    private sealed class Printer(DemoLog owner) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                owner.Print(exception is null ? formatter(state, null) : $"{formatter(state, exception)} {exception}");
            }
        }
    }
}
