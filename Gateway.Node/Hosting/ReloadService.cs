using Gateway.Actors.Inspection;
using Gateway.Actors.Local;
using Gateway.Node.Metrics;
using Gateway.Node.Settings;
using Gateway.Node.Settings.Loading;
using Gateway.Node.Signals;
using Gateway.Node.State;

namespace Gateway.Node.Hosting;

/// <summary>
/// Watches the configuration file and SIGHUP, and applies changes. Compares the contents once a second: unlike file events, that detects renames, link swaps
/// and mounted volumes. A faulty file changes nothing, and is reported once.
/// </summary>
internal sealed partial class ReloadService(
    SettingsSource source, PoolsService pools, GatewayState state, GatewayMetrics metrics, TimeProvider clock, ILogger<ReloadService> log,
    ProcessSignals? signals = null) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    /// <summary>One at a time: an operator's command may coincide with a change of the file.</summary>
    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>Loads the settings and applies them, unless they are faulty.</summary>
    public async Task<ReloadOutcome> ReloadAsync(CancellationToken stopping)
    {
        await _turn.WaitAsync(stopping);
        try
        {
            return await TakeAsync(await SettingsLoader.LoadAsync(source, stopping), stopping);
        }
        finally
        {
            _turn.Release();
        }
    }

    public override void Dispose()
    {
        _turn.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await foreach (var ended in Task.WhenEach(WatchAsync(stoppingToken), ListenAsync(stoppingToken)))
            {
                await ended; // An error in either is an error of the service.
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The process ends.
        }
    }

    private async Task WatchAsync(CancellationToken stopping)
    {
        if (state.Current.Settings.ConfigPath is not { } path)
        {
            return;
        }

        using var timer = new PeriodicTimer(Period, clock);
        var seen = await ReadAsync(path, stopping);
        while (await timer.WaitForNextTickAsync(stopping))
        {
            var content = await ReadAsync(path, stopping);
            if (content != seen)
            {
                seen = content;
                await ReloadAsync(stopping);
            }
        }
    }

    private async Task ListenAsync(CancellationToken stopping)
    {
        while (signals is not null)
        {
            await signals.Hangups.ReadAsync(stopping);
            Log.HungUp(log);
            await ReloadAsync(stopping);
        }
    }

    /// <summary>Reads the file's text; null if it cannot be read, which loading then reports.</summary>
    private async Task<string?> ReadAsync(string path, CancellationToken stopping)
    {
        try
        {
            return await source.ReadFile(path, stopping);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private async Task<ReloadOutcome> TakeAsync(SettingsResult result, CancellationToken stopping)
    {
        if (result is SettingsResult.Faulty faulty)
        {
            foreach (var fault in faulty.Faults)
            {
                Log.Fault(log, fault);
            }

            Log.Rejected(log, faulty.Faults.Length);
            metrics.Reloaded(accepted: false);
            return new ReloadOutcome.Refused(faulty.Faults);
        }

        var settings = ((SettingsResult.Loaded)result).Settings;
        if (state.Configured is not { Settings: var running })
        {
            return new ReloadOutcome.Refused(["the replica is starting"]); // The admin API is up before the pools are.
        }

        var fixedKeys = SettingsChange.NeedingRestart(running, settings);
        try
        {
            await pools.ApplyAsync(settings, stopping);
        }
        catch (Exception error) when (error is Akka.Actor.AskTimeoutException or NotInForceException or IOException)
        {
            Log.NotApplied(log, error);
            metrics.Reloaded(accepted: false);
            return new ReloadOutcome.Refused([error is Akka.Actor.AskTimeoutException ? "the settings were not applied in time" : error.Message]);
        }

        Log.Accepted(log, settings.Pools.Length, settings.Routes.Length);
        metrics.Reloaded(accepted: true);
        foreach (var key in fixedKeys)
        {
            Log.NeedsRestart(log, key);
        }

        return new ReloadOutcome.Applied(settings.Pools.Length, settings.Routes.Length, fixedKeys);
    }

    private static partial class Log
    {
        [LoggerMessage(55, LogLevel.Information, "SIGHUP: reloading the settings", EventName = "reload-asked")]
        public static partial void HungUp(ILogger logger);

        [LoggerMessage(50, LogLevel.Information, "settings reloaded: {Pools} pools, {Routes} routes", EventName = "settings-reloaded")]
        public static partial void Accepted(ILogger logger, int pools, int routes);

        [LoggerMessage(51, LogLevel.Error, "{Fault}", EventName = "settings-fault")]
        public static partial void Fault(ILogger logger, string fault);

        [LoggerMessage(52, LogLevel.Error, "new settings rejected: {Count} errors; keeping the current settings", EventName = "settings-rejected")]
        public static partial void Rejected(ILogger logger, int count);

        [LoggerMessage(53, LogLevel.Warning, "{Key} changed; the change takes effect at the next start", EventName = "settings-need-restart")]
        public static partial void NeedsRestart(ILogger logger, string key);

        [LoggerMessage(54, LogLevel.Error, "could not apply the new settings; keeping the current settings", EventName = "settings-not-applied")]
        public static partial void NotApplied(ILogger logger, Exception error);
    }
}
