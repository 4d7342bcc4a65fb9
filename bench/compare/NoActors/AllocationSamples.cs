using System.Collections.Concurrent;
using System.Diagnostics.Tracing;

namespace Gateway.NoActors;

/// <summary>Samples allocations by type: the runtime reports one object per hundred kilobytes or so.</summary>
internal sealed class AllocationSamples : EventListener
{
    private const EventKeywords Collector = (EventKeywords)0x1;

    private readonly ConcurrentDictionary<string, long> _bytes = new();

    /// <summary>Prints the share of each type, the largest first, since the last call.</summary>
    public void Print(TextWriter output)
    {
        var bytes = _bytes.ToArray();
        _bytes.Clear();
        var all = bytes.Sum(pair => pair.Value);
        foreach (var (type, amount) in bytes.OrderByDescending(pair => pair.Value))
        {
            output.WriteLine($"{100.0 * amount / all,5:F1} %  {type}");
        }
    }

    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (eventSource.Name == "Microsoft-Windows-DotNETRuntime")
        {
            EnableEvents(eventSource, EventLevel.Verbose, Collector);
        }
    }

    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        if (eventData.EventName?.StartsWith("GCAllocationTick", StringComparison.Ordinal) == true && eventData.PayloadNames is { } names)
        {
            var type = (string)eventData.Payload![names.IndexOf("TypeName")]!;
            var amount = (ulong)eventData.Payload[names.IndexOf("AllocationAmount64")]!;
            _bytes.AddOrUpdate(type, (long)amount, (_, before) => before + (long)amount);
        }
    }
}
