using System.Diagnostics;
using System.Globalization;
using Prometheus;

namespace Gateway.Node.Metrics;

/// <summary>
/// The standard metrics of a process, under the names of Prometheus' own clients, and those of its runtime. Read at each scrape. Replicas that share a process
/// (the demo) report the same values.
/// </summary>
internal sealed class ProcessInstruments
{
    private const string DescriptorFolder = "/proc/self/fd";
    private const string LimitsFile = "/proc/self/limits";
    private const string DescriptorLimit = "Max open files";

    private readonly MetricFactory _factory;

    public ProcessInstruments(CollectorRegistry registry)
    {
        _factory = Prometheus.Metrics.WithCustomRegistry(registry);
        CpuSeconds = Counter("process_cpu_seconds_total", "User and system CPU time used.");
        StartTime = Gauge("process_start_time_seconds", "Start time of the process, in seconds since 1970.");
        ResidentMemory = Gauge("process_resident_memory_bytes", "Resident memory of the process.");
        VirtualMemory = Gauge("process_virtual_memory_bytes", "Virtual memory of the process.");
        OpenDescriptors = Gauge("process_open_fds", "File descriptors in use; only on Linux.");
        MaxDescriptors = Gauge("process_max_fds", "Maximum number of file descriptors; only on Linux.");
        Threads = Gauge("process_threads", "Operating system threads.");
        Collections = Counter("dotnet_gc_collections_total", "Garbage collections; one of a generation also counts for the younger ones.", "generation");
        Pauses = Counter("dotnet_gc_pause_seconds_total", "Time during which garbage collections paused the process.");
        Allocated = Counter("dotnet_gc_allocated_bytes_total", "Memory allocated on the managed heap.");
        Heap = Gauge("dotnet_gc_heap_bytes", "Size of the managed heap after the last collection, including free space.");
        PoolThreads = Gauge("dotnet_threadpool_threads", "Thread pool threads.");
        PoolQueue = Gauge("dotnet_threadpool_queue_length", "Work items waiting for a thread of the pool.");
        PoolItems = Counter("dotnet_threadpool_completed_items_total", "Work items completed by the pool.");
        Contentions = Counter("dotnet_lock_contentions_total", "Times that a thread had to wait for a lock.");
        Timers = Gauge("dotnet_timers", "Active timers.");
    }

    public Counter CpuSeconds { get; }

    public Gauge StartTime { get; }

    public Gauge ResidentMemory { get; }

    public Gauge VirtualMemory { get; }

    public Gauge OpenDescriptors { get; }

    public Gauge MaxDescriptors { get; }

    public Gauge Threads { get; }

    public Counter Collections { get; }

    public Counter Pauses { get; }

    public Counter Allocated { get; }

    public Gauge Heap { get; }

    public Gauge PoolThreads { get; }

    public Gauge PoolQueue { get; }

    public Counter PoolItems { get; }

    public Counter Contentions { get; }

    public Gauge Timers { get; }

    /// <summary>Updates all of them.</summary>
    public void Read()
    {
        using var process = Process.GetCurrentProcess();
        CpuSeconds.IncTo(process.TotalProcessorTime.TotalSeconds);
        StartTime.Set(new DateTimeOffset(process.StartTime).ToUnixTimeMilliseconds() / 1000.0);
        ResidentMemory.Set(process.WorkingSet64);
        VirtualMemory.Set(process.VirtualMemorySize64);
        Threads.Set(process.Threads.Count);
        if (OperatingSystem.IsLinux())
        {
            OpenDescriptors.Set(Directory.EnumerateFileSystemEntries(DescriptorFolder).Count());
            MaxDescriptors.Set(ReadDescriptorLimit());
        }

        for (var generation = 0; generation <= GC.MaxGeneration; generation++)
        {
            Collections.WithLabels(generation.ToString(CultureInfo.InvariantCulture)).IncTo(GC.CollectionCount(generation));
        }

        Pauses.IncTo(GC.GetTotalPauseDuration().TotalSeconds);
        Allocated.IncTo(GC.GetTotalAllocatedBytes());
        Heap.Set(GC.GetGCMemoryInfo().HeapSizeBytes);
        PoolThreads.Set(ThreadPool.ThreadCount);
        PoolQueue.Set(ThreadPool.PendingWorkItemCount);
        PoolItems.IncTo(ThreadPool.CompletedWorkItemCount);
        Contentions.IncTo(Monitor.LockContentionCount);
        Timers.Set(Timer.ActiveCount);
    }

    /// <summary>The soft limit; infinity if there is none.</summary>
    private static double ReadDescriptorLimit()
    {
        var line = File.ReadLines(LimitsFile).First(line => line.StartsWith(DescriptorLimit, StringComparison.Ordinal));
        var soft = line[DescriptorLimit.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0];
        return double.TryParse(soft, CultureInfo.InvariantCulture, out var limit) ? limit : double.PositiveInfinity;
    }

    private Counter Counter(string name, string help, params string[] labels) =>
        _factory.CreateCounter(name, help, labels, new() { ExemplarBehavior = ExemplarBehavior.NoExemplars() });

    private Gauge Gauge(string name, string help) => _factory.CreateGauge(name, help);
}
