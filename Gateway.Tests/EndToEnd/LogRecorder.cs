using Gateway.Tests.EndToEnd.Backends;
using Microsoft.Extensions.Logging;

namespace Gateway.Tests.EndToEnd;

/// <summary>Keeps a replica's log, and notifies waiters for a line.</summary>
internal sealed class LogRecorder : ILoggerProvider
{
    private readonly Lock _gate = new();
    private readonly List<(string Text, string? Event)> _lines = [];
    private readonly List<(string Text, int Times, TaskCompletionSource Seen)> _waiters = [];

    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_gate)
            {
                return [.. _lines.Select(line => line.Text)];
            }
        }
    }

    /// <summary>The names of the events, in the order of the lines.</summary>
    public IReadOnlyList<string?> Events
    {
        get
        {
            lock (_gate)
            {
                return [.. _lines.Select(line => line.Event)];
            }
        }
    }

    /// <summary>
    /// Waits until so many lines have this text, or are events of this name, those logged already counted in; fails after <see cref="RawBackend.WaitTimeout"/>.
    /// </summary>
    public async Task WaitAsync(string text, int times)
    {
        var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            _waiters.Add((text, times, seen));
            Wake();
        }

        try
        {
            await seen.Task.WaitAsync(RawBackend.WaitTimeout);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"not logged {times} times: {text}; but:\n{string.Join('\n', Lines)}");
        }
    }

    public ILogger CreateLogger(string categoryName) => new Recorder(this);

    public void Dispose()
    {
    }

    private void Add(string text, string? name)
    {
        lock (_gate)
        {
            _lines.Add((text, name));
            Wake();
        }
    }

    private void Wake()
    {
        foreach (var (text, times, seen) in _waiters)
        {
            if (_lines.Count(line => line.Event == text || line.Text.Contains(text, StringComparison.Ordinal)) >= times)
            {
                seen.TrySetResult();
            }
        }
    }

    private sealed class Recorder(LogRecorder owner) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            owner.Add($"{logLevel} {formatter(state, exception)} {exception}", eventId.Name);
    }
}
