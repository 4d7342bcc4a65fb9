using System.Text;
using System.Text.Json.Nodes;
using Gateway.Node.AccessLogs;
using Gateway.Node.Settings;
using Gateway.Tests.EndToEnd;

namespace Gateway.Tests.AccessLogs;

/// <summary>Keeps the lines of an access log, and can block or fail.</summary>
internal sealed class MemoryTarget() : AccessLogTargets("test", TimeProvider.System), ILogTarget
{
    private readonly Lock _gate = new();
    private readonly List<string> _lines = [];
    private readonly ManualResetEventSlim _open = new(initialState: true);
    private volatile bool _isStalled;

    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_gate)
            {
                return [.. _lines];
            }
        }
    }

    /// <summary>Whether the next writes fail.</summary>
    public bool Fails { get; set; }

    /// <summary>Whether a write is blocked.</summary>
    public bool IsStalled => _isStalled;

    public int Reopenings { get; private set; }

    /// <summary>Makes writes block from now on.</summary>
    public void Stall() => _open.Reset();

    public void GoOn() => _open.Set();

    public override ILogTarget Open(AccessLogSettings settings) => this;

    /// <summary>Returns the lines, once there are that many.</summary>
    public async Task<IReadOnlyList<JsonNode>> JsonAsync(int count)
    {
        await Eventually.IsAsync(() => Lines.Count >= count);
        Assert.Equal(count, Lines.Count);
        return [.. Lines.Select(line => JsonNode.Parse(line)!)];
    }

    public void Write(ReadOnlySpan<byte> lines)
    {
        _isStalled = !_open.IsSet;
        _open.Wait();
        _isStalled = false;
        if (Fails)
        {
            throw new IOException("no space left");
        }

        Assert.Equal((byte)'\n', lines[^1]);
        lock (_gate)
        {
            _lines.AddRange(Encoding.UTF8.GetString(lines[..^1]).Split('\n'));
        }
    }

    public void Reopen() => Reopenings++;

    public void Dispose()
    {
        // Its lines are read after the end.
    }
}
