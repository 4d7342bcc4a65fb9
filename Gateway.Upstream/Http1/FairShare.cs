namespace Gateway.Upstream.Http1;

/// <summary>
/// What one transfer moves before it lets others have the thread. A fast one never waits for anything, and what runs on an event loop
/// without waiting keeps every other connection of that loop from moving.
/// </summary>
internal struct FairShare
{
    /// <summary>In bytes: a millisecond or less, against which the change of threads costs nothing.</summary>
    public const int Size = 1024 * 1024;

    private int _spent;

    /// <summary>Counts what was moved; true: it is the others' turn.</summary>
    public bool Spend(int bytes)
    {
        _spent += bytes;
        if (_spent < Size)
        {
            return false;
        }

        _spent = 0;
        return true;
    }
}
