using System.Text.Json.Nodes;
using Gateway.Tests.EndToEnd.Backends;

namespace Gateway.Tests.EndToEnd;

/// <summary>Waits for a condition without a signal: checks repeatedly until it holds, and fails if it never does.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <param name="timeout">Default <see cref="RawBackend.WaitTimeout"/>.</param>
    public static async Task IsAsync(Func<bool> isSo, TimeSpan? timeout = null)
    {
        using var limit = new CancellationTokenSource(timeout ?? RawBackend.WaitTimeout);
        while (!isSo())
        {
            await Task.Delay(Pause, limit.Token);
        }
    }

    /// <inheritdoc cref="IsAsync(Func{bool}, TimeSpan?)"/>
    public static async Task IsAsync(Func<Task<bool>> isSo, TimeSpan? timeout = null)
    {
        using var limit = new CancellationTokenSource(timeout ?? RawBackend.WaitTimeout);
        while (!await isSo())
        {
            await Task.Delay(Pause, limit.Token);
        }
    }

    /// <summary>Requests the endpoints from the admin API until they meet a condition.</summary>
    public static async Task<JsonArray> EndpointsAsync(TestGateway gateway, Func<JsonArray, bool> isSo, TimeSpan? timeout = null)
    {
        using var limit = new CancellationTokenSource(timeout ?? RawBackend.WaitTimeout);
        while (true)
        {
            var endpoints = JsonNode.Parse(await gateway.Admin.GetStringAsync(new Uri("/endpoints", UriKind.Relative), limit.Token))!["endpoints"]!.AsArray();
            if (isSo(endpoints))
            {
                return endpoints;
            }

            await Task.Delay(Pause, limit.Token);
        }
    }
}
