using Gateway.Node.Composition;
using Gateway.Node.Engine;
using Gateway.Node.Settings;
using Gateway.Tests.Wire;
using Gateway.Wire;

namespace Gateway.Tests.Engine;

public sealed class LoopChoiceTests
{
    private const string Forbidden = "the system forbids it";

    [Theory]
    [InlineData(HttpEngine.Auto, EventLoopSetting.Auto, LoopKind.Uring, "io_uring")]
    [InlineData(HttpEngine.Loops, EventLoopSetting.IoUring, LoopKind.Uring, "io_uring")]
    [InlineData(HttpEngine.Loops, EventLoopSetting.Epoll, LoopKind.Epoll, "epoll")]
    [InlineData(HttpEngine.Transport, EventLoopSetting.Auto, LoopKind.Portable, "transport")]
    [InlineData(HttpEngine.Kestrel, EventLoopSetting.Auto, LoopKind.Epoll, "epoll")]
    public void Auto_means_io_uring_if_it_can_be_used(HttpEngine engine, EventLoopSetting loop, LoopKind chosen, string text)
    {
        var choice = LoopChoice.Of(Settings(engine, loop), () => null);

        Assert.Equal((chosen, text), (choice.Kind, choice.ToString()));
        Assert.Null(choice.FaultOf(Settings(engine, loop)));
    }

    [Fact]
    public void Auto_means_epoll_otherwise_and_gives_the_reason()
    {
        var settings = Settings(HttpEngine.Auto, EventLoopSetting.Auto);
        var choice = LoopChoice.Of(settings, () => Forbidden);

        Assert.Equal((LoopKind.Epoll, "epoll; io_uring is not available: the system forbids it"), (choice.Kind, choice.ToString()));
        Assert.Null(choice.FaultOf(settings));
    }

    [Theory]
    [IfLinux(HttpEngine.Loops, EventLoopSetting.Epoll, "epoll")]
    [InlineData(HttpEngine.Transport, EventLoopSetting.Auto, "transport")]
    [IfLinux(HttpEngine.Kestrel, EventLoopSetting.Auto, "epoll")]
    public void A_replica_that_does_not_use_io_uring_does_not_look_for_it(HttpEngine engine, EventLoopSetting loop, string chosen) =>
        Assert.Equal(chosen, LoopChoice.Of(Settings(engine, loop), () => throw new InvalidOperationException("it was looked for")).Name);

    [Fact]
    public async Task A_replica_that_is_to_use_it_and_cannot_does_not_start()
    {
        var faults = await StartFaults.OfAsync(Settings(HttpEngine.Auto, EventLoopSetting.IoUring), new LoopProbe(() => Forbidden));

        Assert.Equal(["--event-loop: io_uring is not available: the system forbids it; allowed on this system: auto, epoll"], faults.AsEnumerable());
    }

    [Theory]
    [InlineData(1, "the system forbids it")]
    [InlineData(22, "it requires Linux 6.1 or later")]
    [InlineData(38, "it requires Linux 6.1 or later")]
    [InlineData(12, "io_uring_setup")]
    public void The_probe_says_what_a_failed_call_means(int error, string words) =>
        Assert.Contains(words, UringProbe.TextOf(new WireException("io_uring_setup", error)), StringComparison.Ordinal);

    [UringFact]
    public void The_probe_finds_what_the_tests_run_on() => Assert.Null(UringProbe.FaultOf());

    private static GatewaySettings Settings(HttpEngine engine, EventLoopSetting loop) => new()
    {
        GatewayId = "g",
        ListenAddress = new(System.Net.IPAddress.Loopback, 0),
        AdminAddress = new(System.Net.IPAddress.Loopback, 0),
        Pools = [],
        HttpEngine = engine,
        EventLoop = loop,
    };
}
