using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using Gateway.Core.Outcomes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Gateway.Upstream.Http1;

/// <summary>
/// What follows a switch of protocols: bytes both ways, until one side has no more to say, or neither has said anything for the idle timeout.
/// What a side sent before it closed still reaches the other.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "RunAsync is the whole life of a tunnel and disposes of what it owns.")]
internal sealed class Tunnel(Http1Connection connection, TransportClock clock, HttpContext context, TimeSpan idle)
{
    private const int BufferSize = 16 * 1024;

    private readonly CancellationTokenSource _over = new();
    private readonly long _idleTicks = clock.Ticks(idle);

    /// <summary>Tells the client of the switch, and runs until the tunnel ends. The connection is closed then.</summary>
    /// <param name="gone">What would close the connection when the client closes: here what it said before is still to be passed on.</param>
    /// <returns>Answered: the endpoint ended it; abandoned: the client, or nobody spoke; broken: the endpoint broke it off.</returns>
    public async ValueTask<AttemptEnd> RunAsync(CancellationTokenRegistration gone)
    {
        await gone.DisposeAsync();
        context.Response.Headers.Upgrade = context.Request.Headers.Upgrade;
        var client = await context.Features.GetRequiredFeature<IHttpUpgradeFeature>().UpgradeAsync();
        OnBytes();
        var (up, down) = (UpAsync(client), DownAsync(client));
        var end = await await Task.WhenAny(up, down);
        await _over.CancelAsync();
        connection.Close();
        await Task.WhenAll(up, down); // Nothing uses client or connection any more.
        _over.Dispose();
        if (end == AttemptEnd.BodyBroken)
        {
            context.Abort();
        }

        return end;
    }

    private async Task<AttemptEnd> UpAsync(Stream client)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            while (await ReadClientAsync(client, buffer) is var read and > 0)
            {
                OnBytes();
                await connection.WriteAsync(buffer.AsMemory(0, read));
                OnBytes();
            }

            return AttemptEnd.BodyAbandoned;
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException)
        {
            return Broken();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>0 when the client has no more to say, has left, or the tunnel is over.</summary>
    private async ValueTask<int> ReadClientAsync(Stream client, byte[] buffer)
    {
        try
        {
            return await client.ReadAsync(buffer, _over.Token);
        }
        catch (Exception error) when (error is IOException or OperationCanceledException)
        {
            return 0;
        }
    }

    private async Task<AttemptEnd> DownAsync(Stream client)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            var taken = await WriteClientAsync(client, connection.Input); // It may have spoken right behind the head.
            connection.Consume(connection.Input.Length);
            while (taken && await connection.ReadAsync(buffer) is var read and > 0)
            {
                OnBytes();
                taken = await WriteClientAsync(client, buffer.AsMemory(0, read));
                OnBytes();
            }

            return taken ? AttemptEnd.Answered : AttemptEnd.BodyAbandoned;
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException)
        {
            return Broken();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>False when the client is gone.</summary>
    private async ValueTask<bool> WriteClientAsync(Stream client, ReadOnlyMemory<byte> bytes)
    {
        try
        {
            await client.WriteAsync(bytes, _over.Token);
            await client.FlushAsync(_over.Token);
            return !context.RequestAborted.IsCancellationRequested;
        }
        catch (Exception error) when (error is IOException or OperationCanceledException)
        {
            return false;
        }
    }

    private void OnBytes() => connection.SetDeadline(clock.Now + _idleTicks);

    /// <summary>The connection ended under the tunnel's hands: by the endpoint, unless this side closed it.</summary>
    private AttemptEnd Broken() =>
        connection.Cause != CloseCause.None || _over.IsCancellationRequested ? AttemptEnd.BodyAbandoned : AttemptEnd.BodyBroken;
}
