namespace Gateway.Fuzz.Engine;

/// <summary>Shared by the far ends of one input: its randomness, the marks in use, and the mutation and cutting of messages.</summary>
internal sealed class Script
{
    private const byte Poison = 0xDB;

    private readonly Random _random;
    private readonly Mutator _mutator;
    private readonly Dictionary<string, int> _owners = [];

    public Script(Random random)
    {
        (_random, _mutator, IsCalm) = (random, new Mutator(random), random.Next(6) == 0);
        (Answers, Requests) = (new AnswerMaker(random), new RequestMaker(random));
    }

    /// <summary>Whether no end breaks off, mutates or falls silent: then every request has an answer.</summary>
    public bool IsCalm { get; }

    public AnswerMaker Answers { get; }

    public RequestMaker Requests { get; }

    /// <summary>The client of a mark's request; -1: none.</summary>
    public int OwnerOf(string id) => _owners.GetValueOrDefault(id, -1);

    public string NewId(int client)
    {
        var id = Identity.New(_random);
        _owners.Add(id, client);
        return id;
    }

    /// <summary>Returns an invalid version of a message, without the poison of buffers.</summary>
    public byte[] Mutate(byte[] message)
    {
        var mutated = _mutator.Mutate([message]);
        mutated.AsSpan().Replace(Poison, (byte)(Poison ^ 1));
        return mutated;
    }

    /// <summary>Cuts a message into packets: one, a few, or single bytes.</summary>
    public void Cut(byte[] message, Queue<byte[]> packets)
    {
        var cuts = message.Length > 400 || _random.Next(4) == 0 ? [] : _mutator.Cuts(message.Length);
        var from = 0;
        foreach (var cut in cuts)
        {
            Add(message, from, cut, packets);
            from = cut;
        }

        Add(message, from, message.Length, packets);
    }

    private void Add(byte[] message, int from, int until, Queue<byte[]> packets)
    {
        while (from < until)
        {
            var part = Math.Min(until - from, _random.Next(3) == 0 ? _random.Next(1, 4096) : Wire.EventLoop.ReceiveSize);
            packets.Enqueue(message[from..(from + part)]);
            from += part;
        }
    }
}
