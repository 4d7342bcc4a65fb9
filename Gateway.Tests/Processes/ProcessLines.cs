namespace Gateway.Tests.Processes;

/// <summary>The output of a process, line by line, and the waiters for a line.</summary>
internal sealed class ProcessLines
{
    private readonly Lock _gate = new();
    private readonly List<(string Line, bool IsError)> _lines = [];
    private readonly List<(string Text, TaskCompletionSource<string> Seen)> _waiters = [];
    private int _open = 2;

    public IReadOnlyList<string> Of(bool isError)
    {
        lock (_gate)
        {
            return [.. _lines.Where(line => line.IsError == isError).Select(line => line.Line)];
        }
    }

    public bool Has(string text)
    {
        lock (_gate)
        {
            return Find(text) is not null;
        }
    }

    /// <summary>Waits for a line that contains a text; earlier lines count.</summary>
    public async Task<string> WaitAsync(string text, TimeSpan timeout)
    {
        var seen = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (Find(text) is { } line)
            {
                return line;
            }

            if (_open == 0)
            {
                throw Missing(text);
            }

            _waiters.Add((text, seen));
        }

        try
        {
            return await seen.Task.WaitAsync(timeout);
        }
        catch (TimeoutException)
        {
            throw Missing(text);
        }
    }

    /// <summary>Reads a stream to its end.</summary>
    public async Task ReadAsync(StreamReader stream, bool isError)
    {
        while (await stream.ReadLineAsync() is { } line)
        {
            lock (_gate)
            {
                _lines.Add((line, isError));
                foreach (var (text, seen) in _waiters)
                {
                    if (line.Contains(text, StringComparison.Ordinal))
                    {
                        seen.TrySetResult(line);
                    }
                }
            }
        }

        lock (_gate)
        {
            if (--_open == 0)
            {
                _waiters.ForEach(waiter => waiter.Seen.TrySetException(Missing(waiter.Text)));
            }
        }
    }

    public override string ToString()
    {
        lock (_gate)
        {
            return string.Concat(_lines.Select(line => $"\n  {(line.IsError ? "error" : "output")}: {line.Line}"));
        }
    }

    private string? Find(string text)
    {
        var index = _lines.FindIndex(line => line.Line.Contains(text, StringComparison.Ordinal));
        return index < 0 ? null : _lines[index].Line;
    }

    private InvalidOperationException Missing(string text) => new($"it does not say '{text}', but:{this}");
}
