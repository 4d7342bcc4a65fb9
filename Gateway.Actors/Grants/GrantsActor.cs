using Akka.Actor;
using Gateway.Actors.Cluster;
using Gateway.Actors.Surroundings;
using Gateway.Core.Addressing;
using Gateway.Core.Grants;
using Gateway.Core.Membership;
using Microsoft.Extensions.Logging;

namespace Gateway.Actors.Grants;

/// <summary>
/// Coordinates the cluster's single trial per endpoint, at one replica: asks the granters on behalf of endpoints that want a trial here, and
/// grants for endpoints whose granter this replica is. <see cref="GrantClaim"/> and <see cref="GrantBook"/> decide both. State lost in a crash
/// of this actor is requested again.
/// </summary>
public sealed partial class GrantsActor : UntypedActor, IWithTimers
{
    /// <summary>The interval of checks for due claims and grants, while there are any.</summary>
    public static readonly TimeSpan TickInterval = TimeSpan.FromMilliseconds(50);

    private readonly Dictionary<EndpointId, IActorRef> _endpoints;
    private readonly Peers _peers;
    private readonly IGrantObserver _observer;
    private readonly ActorClock _clock;
    private readonly ILogger _log;
    private readonly Dictionary<EndpointId, PendingClaim> _pending = [];
    private GrantBook _book = GrantBook.Empty;
    private ClusterView _view;
    private long _ticket;

    /// <param name="endpoints">The registered actors of endpoints. Kept by the creator of the props, beyond a restart.</param>
    public GrantsActor(Dictionary<EndpointId, IActorRef> endpoints, Peers peers, IGrantObserver observer, ActorClock clock, ILoggerFactory loggers)
    {
        (_endpoints, _peers, _observer, _clock) = (endpoints, peers, observer, clock);
        _log = loggers.CreateLogger<GrantsActor>();
        _view = peers.View;
    }

    public ITimerScheduler Timers { get; set; } = null!;

    private enum Tick { Due }

    private TimeSpan Now => _clock.Now;

    protected override void PreStart()
    {
        Context.System.EventStream.Subscribe(Self, typeof(ClusterChanged));
        Context.System.EventStream.Subscribe(Self, typeof(FromReplica<IGrantMessage>));
        foreach (var (endpoint, actor) in _endpoints)
        {
            Context.WatchWith(actor, new WatcherEnded(endpoint, actor));
        }

        See(_peers.View);
    }

    protected override void PostStop() => Context.System.EventStream.Unsubscribe(Self);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case FromReplica<IGrantMessage>(var from, var said):
                Hear(from, said);
                break;
            case ClusterChanged(var view):
                See(view);
                break;
            case SeekGrant seek:
                Seek(seek);
                break;
            case TrialSent(var endpoint):
                Step(endpoint, claim => claim.OnTrial());
                break;
            case TrialsEnded(var endpoint, var how):
                End(endpoint, how);
                break;
            case WatchTrials(var endpoint):
                _endpoints[endpoint] = Sender;
                Context.Unwatch(Sender);
                Context.WatchWith(Sender, new WatcherEnded(endpoint, Sender));
                break;
            case WatcherEnded(var endpoint, var actor):
                Forget(endpoint, actor);
                break;
            case Tick.Due:
                PassTime();
                break;
            default:
                Unhandled(message);
                break;
        }

        Watch();
    }

    private void Seek(SeekGrant seek)
    {
        if (_pending.TryGetValue(seek.Endpoint, out var pending))
        {
            _pending[seek.Endpoint] = pending with { Epoch = seek.Epoch };
            if (pending.Claim.Phase == ClaimPhase.Held)
            {
                Permit(seek.Endpoint, seek.Epoch, own: false);
            }
        }
        else if (Granter.Of(seek.Endpoint, _view) is not { } granter)
        {
            Permit(seek.Endpoint, seek.Epoch, own: true);
        }
        else
        {
            // Never a number that an earlier incarnation of this actor may have used.
            _ticket = Math.Max(_ticket + 1, Now.Ticks);
            Apply(seek.Endpoint, seek.Epoch, GrantClaim.Ask(granter, _ticket, seek.Timeout, Now));
        }
    }

    /// <summary>Removes an endpoint's actor that has ended, unless another has replaced it.</summary>
    private void Forget(EndpointId endpoint, IActorRef actor)
    {
        if (actor.Equals(_endpoints.GetValueOrDefault(endpoint)))
        {
            _endpoints.Remove(endpoint);
            End(endpoint, GrantEnd.Returned);
        }
    }

    private void End(EndpointId endpoint, GrantEnd how)
    {
        Step(endpoint, claim => claim.OnEnd(how));
        if (how == GrantEnd.Succeeded)
        {
            _peers.SendToAll(new EndpointProven(endpoint));
        }
    }

    /// <summary>Handles a message of another replica, or of this one to itself.</summary>
    private void Hear(ReplicaId from, IGrantMessage said)
    {
        switch (said)
        {
            case AskGrant(var endpoint, var ticket, var timeout, var holding):
                Apply(_book.OnAsk(endpoint, new(from, ticket, timeout, holding), Now));
                break;
            case GrantUsed(var endpoint, var ticket):
                _book = _book.OnUsed(endpoint, from, ticket, Now);
                break;
            case GrantEnded(var endpoint, var ticket, var how):
                Apply(_book.OnEnd(endpoint, from, ticket, how, Now));
                break;
            case GrantQueued(var endpoint, var ticket):
                Step(endpoint, claim => claim.OnQueued(from, ticket, Now));
                break;
            case GrantGiven(var endpoint, var ticket) when _pending.ContainsKey(endpoint):
                Step(endpoint, claim => claim.OnGiven(from, ticket, Now));
                break;
            case GrantGiven(var endpoint, var ticket):
                Tell(from, new GrantEnded(endpoint, ticket, GrantEnd.Returned));
                break;
            case EndpointProven(var endpoint):
                _endpoints.GetValueOrDefault(endpoint)?.Tell(new ProvenElsewhere());
                break;
            default:
                Unhandled(said);
                break;
        }
    }

    private void See(ClusterView view)
    {
        _view = view;
        Apply(_book.OnView(view, Now));
        foreach (var endpoint in _pending.Keys.ToList())
        {
            var granter = Granter.Of(endpoint, view);
            Step(endpoint, claim => granter is { } id ? claim.OnGranter(id, Now) : claim.OnAlone());
        }
    }

    private void PassTime()
    {
        Apply(_book.OnTime(Now));
        foreach (var endpoint in _pending.Keys.ToList())
        {
            Step(endpoint, claim => claim.OnTime(Now));
        }
    }

    private void Step(EndpointId endpoint, Func<GrantClaim, ClaimStep> transition)
    {
        if (_pending.TryGetValue(endpoint, out var pending))
        {
            Apply(endpoint, pending.Epoch, transition(pending.Claim));
        }
    }

    private void Apply(EndpointId endpoint, uint epoch, ClaimStep step)
    {
        if (step.Next is { } claim)
        {
            _pending[endpoint] = new(claim, epoch);
        }
        else
        {
            _pending.Remove(endpoint);
        }

        foreach (var effect in step.Effects)
        {
            switch (effect)
            {
                case ClaimEffect.Ask(var granter, var ticket, var timeout, var holding):
                    Tell(granter, new AskGrant(endpoint, ticket, timeout, holding));
                    break;
                case ClaimEffect.Used(var granter, var ticket):
                    Tell(granter, new GrantUsed(endpoint, ticket));
                    break;
                case ClaimEffect.End(var granter, var ticket, var how):
                    Tell(granter, new GrantEnded(endpoint, ticket, how));
                    break;
                case ClaimEffect.Permit:
                    Permit(endpoint, epoch, own: false);
                    break;
                case ClaimEffect.PermitOwn(var unanswered):
                    if (unanswered is { } silent)
                    {
                        _observer.Unanswered(endpoint);
                        Log.Unanswered(_log, silent, endpoint);
                    }

                    Permit(endpoint, epoch, own: true);
                    break;
                default:
                    throw new InvalidOperationException($"unhandled effect: {effect}");
            }
        }
    }

    private void Apply(GrantStep step)
    {
        _book = step.Next;
        foreach (var (endpoint, effect) in step.Effects)
        {
            switch (effect)
            {
                case GrantEffect.Give(var to, var ticket):
                    _observer.Given(endpoint);
                    Log.Given(_log, endpoint, to);
                    Tell(to, new GrantGiven(endpoint, ticket));
                    break;
                case GrantEffect.Queue(var to, var ticket):
                    Tell(to, new GrantQueued(endpoint, ticket));
                    break;
                case GrantEffect.Expired(var holder):
                    _observer.Expired(endpoint);
                    Log.Expired(_log, endpoint, holder);
                    break;
                default:
                    throw new InvalidOperationException($"unhandled effect: {effect}");
            }
        }
    }

    private void Permit(EndpointId endpoint, uint epoch, bool own) =>
        _endpoints.GetValueOrDefault(endpoint)?.Tell(new TrialsPermitted(epoch, own));

    private void Tell(ReplicaId to, IGrantMessage message)
    {
        if (to == _view.Self.Id)
        {
            Self.Tell(message.ReceivedFrom(to));
        }
        else
        {
            _peers.Send(to, message);
        }
    }

    private void Watch()
    {
        if (_pending.Count == 0 && _book.Lines.IsEmpty)
        {
            Timers.Cancel(Tick.Due);
        }
        else if (!Timers.IsTimerActive(Tick.Due))
        {
            Timers.StartPeriodicTimer(Tick.Due, Tick.Due, TickInterval);
        }
    }

    private sealed record WatcherEnded(EndpointId Endpoint, IActorRef Actor);

    /// <param name="Epoch">The epoch of the breaker.</param>
    private sealed record PendingClaim(GrantClaim Claim, uint Epoch);
}
