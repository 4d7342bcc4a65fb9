namespace Gateway.Scale;

/// <summary>The right to try an endpoint: one replica at a time, in the order of requests. Stands for the granters, whose messages other tests cover.</summary>
internal sealed class Turns
{
    private readonly Dictionary<int, LinkedList<(SimulatedReplica Replica, Action Grant)>> _lines = [];

    /// <summary>Requests a turn; granted at once if it is free. Repeated requests change nothing.</summary>
    public void Seek(int endpoint, SimulatedReplica replica, Action grant)
    {
        if (!_lines.TryGetValue(endpoint, out var line))
        {
            _lines[endpoint] = line = [];
        }

        if (line.All(waiting => waiting.Replica != replica))
        {
            line.AddLast((replica, grant));
            if (line.Count == 1)
            {
                grant();
            }
        }
    }

    /// <summary>Ends a replica's turn, or its request for one.</summary>
    /// <returns>Whether it had the turn.</returns>
    public bool End(int endpoint, SimulatedReplica replica)
    {
        if (!_lines.TryGetValue(endpoint, out var line) || line.FirstOrDefault(waiting => waiting.Replica == replica) is not { Replica: not null } place)
        {
            return false;
        }

        var held = line.First!.Value.Replica == replica;
        line.Remove(place);
        if (held && line.First is { } next)
        {
            next.Value.Grant();
        }

        return held;
    }
}
