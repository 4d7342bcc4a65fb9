namespace Gateway.Tests.Conformance.Http2;

/// <summary>One <see cref="FrameServer"/> for all tests of a class, whose backend answers each request with <c>ok</c>.</summary>
public sealed class SharedFrameServer : IAsyncLifetime
{
    private FrameServer? _server;

    public FrameServer Server => _server ?? throw new InvalidOperationException("not started yet");

    public async Task InitializeAsync() => _server = await FrameServer.StartAsync();

    public Task DisposeAsync() => Server.DisposeAsync().AsTask();
}
