using Akka.Actor;
using Akka.Streams;
using Akka.Streams.Dsl;
using Gateway.Core.Health;
using Gateway.Core.Outcomes;
using Microsoft.Extensions.Logging;

namespace Gateway.Actors.Probing;

/// <summary>
/// Sends all probes of the replica through one stream that bounds how many are in flight. Endpoints say when a probe is due; equal
/// targets of several pools share each probe and its result. Never two probes of one target at once.
/// </summary>
public sealed partial class ProberActor : UntypedActor
{
    /// <summary>Targets waiting for their turn; an endpoint whose target found no room asks again.</summary>
    private const int QueueSize = 16_384;

    private readonly ActorEnvironment _environment;
    private readonly ILogger _log;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Dictionary<ProbeTarget, HashSet<IActorRef>> _watchers = [];
    private readonly Dictionary<ProbeTarget, (TimeSpan At, TargetProbed Probed)> _last = [];
    private readonly HashSet<ProbeTarget> _underWay = [];
    private ISourceQueueWithComplete<ProbeTarget>? _queue;

    public ProberActor(ActorEnvironment environment)
    {
        _environment = environment;
        _log = environment.Loggers.CreateLogger<ProberActor>();
    }

    protected override void PreStart()
    {
        var (probe, stopping) = (_environment.Probe, _stopping.Token);
        _queue = Source.Queue<ProbeTarget>(QueueSize, OverflowStrategy.DropNew)
            .SelectAsyncUnordered(_environment.MaxConcurrentProbes, target => RunAsync(probe, target, stopping))
            .To(Sink.ActorRef<TargetProbed>(Self, StreamEnded.Instance, cause => new Status.Failure(cause)))
            .Run(Context.Materializer());
    }

    protected override void PostStop()
    {
        _stopping.Cancel();
        _stopping.Dispose();
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case ProbeNow(var target, var freshFor):
                Watch(target, Sender);
                if (_last.TryGetValue(target, out var last) && _environment.Now - last.At < freshFor)
                {
                    Sender.Tell(last.Probed);
                }
                else
                {
                    Enqueue(target);
                }

                break;
            case TargetProbed probed:
                _underWay.Remove(probed.Target);
                Publish(probed);
                break;
            case NoRoom(var target):
                _underWay.Remove(target);
                Log.NoRoom(_log, target.Address.Canonical, QueueSize);
                break;
            case Offered:
                break;
            case StopProbing(var target):
                Unwatch(target, Sender);
                break;
            case Terminated terminated:
                foreach (var target in _watchers.Keys.ToList())
                {
                    Unwatch(target, terminated.ActorRef);
                }

                break;
            case Status.Failure failure:
                throw new InvalidOperationException("the probe stream failed", failure.Cause);
            case StreamEnded:
                throw new InvalidOperationException("the probe stream ended");
            default:
                Unhandled(message);
                break;
        }
    }

    private static async Task<TargetProbed> RunAsync(IProbe probe, ProbeTarget target, CancellationToken stopping)
    {
        try
        {
            return new(target, await probe.ProbeAsync(target, stopping).ConfigureAwait(false));
        }
        catch (Exception unexpected)
        {
            // An error must not end the stream that all endpoints share; it is this target's result.
            return new(target, ProbeResult.Fail(TimeSpan.Zero, FailureReason.Malformed, unexpected.Message));
        }
    }

    private void Enqueue(ProbeTarget target)
    {
        if (_underWay.Add(target))
        {
            _queue!.OfferAsync(target).PipeTo(
                Self,
                success: result => result is QueueOfferResult.Enqueued ? Offered.Instance : new NoRoom(target),
                failure: _ => new NoRoom(target));
        }
    }

    private void Publish(TargetProbed probed)
    {
        if (_watchers.TryGetValue(probed.Target, out var watchers))
        {
            _last[probed.Target] = (_environment.Now, probed);
            foreach (var watcher in watchers)
            {
                watcher.Tell(probed);
            }
        }
    }

    private void Watch(ProbeTarget target, IActorRef watcher)
    {
        if (!_watchers.TryGetValue(target, out var watchers))
        {
            _watchers[target] = watchers = [];
        }

        if (watchers.Add(watcher))
        {
            Context.Watch(watcher);
        }
    }

    private void Unwatch(ProbeTarget target, IActorRef watcher)
    {
        if (_watchers.TryGetValue(target, out var watchers) && watchers.Remove(watcher) && watchers.Count == 0)
        {
            _watchers.Remove(target);
            _last.Remove(target);
        }
    }

    private sealed record NoRoom(ProbeTarget Target);

    private sealed class Offered
    {
        public static readonly Offered Instance = new();
    }

    private sealed class StreamEnded
    {
        public static readonly StreamEnded Instance = new();
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "no room to queue a probe of {Endpoint}: {QueueSize} targets are waiting; it is asked for again")]
        public static partial void NoRoom(ILogger logger, string endpoint, int queueSize);
    }
}
