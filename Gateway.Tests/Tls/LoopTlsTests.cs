using Gateway.Node.Engine;
using Gateway.Node.Metrics;
using Gateway.Node.Tls;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Gateway.Tests.Tls;

/// <summary>The keys of session tickets, in virtual time.</summary>
public sealed class LoopTlsTests
{
    [Fact]
    public void The_keys_of_tickets_are_renewed_and_those_before_are_kept_for_loops_that_have_just_read_them()
    {
        var clock = new FakeTimeProvider();
        var certificates = new CertificateStore(new GatewayMetrics(new ConnectionCounts(), clock), clock, NullLogger<CertificateStore>.Instance);
        var tls = new LoopTls(certificates, clock, NullLogger.Instance);
        var first = tls.Origin;
        clock.Advance(LoopTls.KeyLife - TimeSpan.FromSeconds(1));
        Assert.Same(first, tls.Origin);

        clock.Advance(TimeSpan.FromSeconds(1));
        var second = tls.Origin;
        Assert.NotSame(first, second);
        Assert.False(first.IsClosed);

        clock.Advance(LoopTls.KeyLife);
        var third = tls.Origin;
        Assert.NotSame(second, third);
        Assert.Equal((true, false, false), (first.IsClosed, second.IsClosed, third.IsClosed));

        tls.Dispose();
        Assert.Equal((true, true), (second.IsClosed, third.IsClosed));
        clock.Advance(LoopTls.KeyLife);
        Assert.Same(third, tls.Origin);
    }
}
