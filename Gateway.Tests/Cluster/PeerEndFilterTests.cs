using Gateway.Actors.Cluster;
using Gateway.Tests.EndToEnd;
using Microsoft.Extensions.Logging;

namespace Gateway.Tests.Cluster;

public sealed class PeerEndFilterTests
{
    [Fact]
    public void It_leaves_out_that_a_connection_ended_with_its_peer_and_nothing_else()
    {
        var log = new LogRecorder();
        using var loggers = LoggerFactory.Create(builder => builder.AddProvider(log));
        using var filter = new PeerEndFilter(loggers);
        var logger = filter.CreateLogger("Akka.Actor.ActorSystem");

#pragma warning disable CA1848, CA2254 // The actor system's own text.
        logger.LogError(new InvalidOperationException("Disassociated"), "[ERROR][Thread 0013] Disassociated\nCause: ...");
        logger.LogError(new InvalidOperationException("broken"), "[ERROR][Thread 0013] something else");
#pragma warning restore CA1848, CA2254

        Assert.Contains("something else", Assert.Single(log.Lines), StringComparison.Ordinal);
    }
}
