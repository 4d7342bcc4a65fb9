using Gateway.Cli;

namespace Gateway.Tests.Cli;

/// <summary>A terminal with the test as its user: keys or lines come from it, and output is kept.</summary>
internal sealed class ScriptedTerminal : ITerminal, IDisposable
{
    private readonly Queue<ConsoleKeyInfo> _keys = new();
    private readonly SharedWriter _out = new();
    private readonly SharedWriter _error = new();
    private CancellationTokenSource? _running;
    private int _ends;

    /// <param name="lines">Piped input; null: a keyboard.</param>
    public ScriptedTerminal(string? lines = null)
    {
        In = new StringReader(lines ?? "");
        ReadsKeys = IsSeen = lines is null;
    }

    public TextReader In { get; }

    public TextWriter Out => _out;

    public TextWriter Error => _error;

    public bool ReadsKeys { get; init; }

    public bool IsSeen { get; init; }

    public int Width { get; init; } = 80;

    public int Height { get; init; } = 25;

    public string Shown => _out.ToString();

    public string Errors => _error.ToString();

    /// <summary>Types text and keys; a Ctrl-D follows when all are used.</summary>
    public ScriptedTerminal Type(string text, params ConsoleKey[] keys)
    {
        foreach (var c in text)
        {
            _keys.Enqueue(new(c, 0, false, false, false));
        }

        foreach (var key in keys)
        {
            _keys.Enqueue(new('\0', key, false, false, false));
        }

        return this;
    }

    public ScriptedTerminal Control(ConsoleKey key)
    {
        _keys.Enqueue(new('\0', key, false, false, control: true));
        return this;
    }

    /// <summary>Presses Ctrl-C while a command runs.</summary>
    public void Interrupt() => _running!.Cancel();

    public ConsoleKeyInfo ReadKey() =>
        _keys.TryDequeue(out var key) ? key
        : _ends++ == 0 ? new('\0', ConsoleKey.D, false, false, control: true)
        : throw new InvalidOperationException("the test types no more");

    public IDisposable CancelOnInterrupt(CancellationTokenSource source)
    {
        _running = source;
        return Stream.Null;
    }

    public void Dispose()
    {
        _out.Dispose();
        _error.Dispose();
    }

    /// <summary>Readable while a command writes.</summary>
    private sealed class SharedWriter : StringWriter
    {
        private readonly Lock _gate = new();

        public override void Write(char value)
        {
            lock (_gate)
            {
                base.Write(value);
            }
        }

        public override void Write(char[] buffer, int index, int count)
        {
            lock (_gate)
            {
                base.Write(buffer, index, count);
            }
        }

        public override void Write(string? value)
        {
            lock (_gate)
            {
                base.Write(value);
            }
        }

        public override string ToString()
        {
            lock (_gate)
            {
                return base.ToString();
            }
        }
    }
}
