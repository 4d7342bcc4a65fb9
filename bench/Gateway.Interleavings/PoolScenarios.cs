namespace Gateway.Interleavings;

/// <summary>What meets at a pool: each sets a world up and says what its threads do. Names are read behind "at the same time".</summary>
internal static class PoolScenarios
{
    public static IReadOnlyDictionary<string, Func<PoolWorld, IReadOnlyList<Action>>> All { get; } = new Dictionary<string, Func<PoolWorld, IReadOnlyList<Action>>>
    {
        ["a take and a close by the backend"] = world =>
        {
            world.MakeIdle(1);
            return [() => world.Attempt(Attempted.Well), () => world.CloseByBackend(0)];
        },
        ["two takes and a close by the backend"] = world =>
        {
            world.MakeIdle(2);
            return [() => world.Attempt(Attempted.Well), () => world.Attempt(Attempted.Badly), () => world.CloseByBackend(1)];
        },
        ["a take, and closes of all idle connections"] = world =>
        {
            world.MakeIdle(2);
            return [() => world.Attempt(Attempted.Well), () => world.CloseByBackend(0), () => world.CloseByBackend(1)];
        },
        ["a return and a close by the backend"] = world =>
        {
            var busy = world.MakeBusy();
            return [() => world.Return(busy), () => world.CloseByBackend(0), () => world.Attempt(Attempted.Well)];
        },
        ["a return and its deadline"] = world =>
        {
            var busy = world.MakeBusy();
            busy.SetDeadline(world.Now);
            return [() => world.Return(busy), world.CleanUp, () => world.Attempt(Attempted.Well)];
        },
        ["the last return, one who joins, one who leaves"] = world =>
        {
            var busy = world.MakeAllBusy();
            return [() => world.Return(busy[0]), () => world.Attempt(Attempted.Waits), () => world.AttemptAndLeave()];
        },
        ["an idle connection that one finds too old, one who takes any, a close by the backend"] = world =>
        {
            world.MakeIdle(1);
            world.MakeAllBusy();
            world.Pass(TimeSpan.FromSeconds(3));
            return [() => world.AttemptFresh(), () => world.Attempt(Attempted.Waits), () => world.CloseByBackend(0)];
        },
        ["closed connections found by a take, and one who joins"] = world =>
        {
            world.MakeIdle(PoolWorld.Max);
            world.CloseByBackend(PoolWorld.Max - 1);
            return [() => world.Attempt(Attempted.Kept), () => world.Attempt(Attempted.Kept), () => world.Attempt(Attempted.Waits)];
        },
        ["a connect that fails, its waiter who leaves, another who joins"] = world =>
        {
            world.MakeAllBusyBut(1);
            var waiter = world.Join();
            return [() => world.FinishConnect(succeed: false), () => world.Leave(waiter), () => world.Attempt(Attempted.Waits)];
        },
        ["a connect that succeeds, a return, a new one who joins"] = world =>
        {
            var busy = world.MakeAllBusyBut(1);
            world.Join();
            return [() => world.FinishConnect(succeed: true), () => world.Return(busy[0]), () => world.Attempt(Attempted.Waits)];
        },
        ["one who wants a new connection, a return, a close by the backend"] = world =>
        {
            world.MakeIdle(1);
            var busy = world.MakeAllBusy();
            return [() => world.AttemptNew(), () => world.Return(busy[0]), () => world.CloseByBackend(0)];
        },
        ["a retirement, a return, a take"] = world =>
        {
            world.MakeIdle(1);
            var busy = world.MakeBusy();
            return [world.Retire, () => world.Return(busy), () => world.Attempt(Attempted.Well)];
        },
    };
}
