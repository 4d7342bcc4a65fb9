namespace Gateway.Interleavings;

/// <summary>
/// All decisions in turn, depth first, with so many switches at most away from a thread that could have gone on. Most faults need one or two of
/// them (Musuvathi and Qadeer, "Iterative context bounding for systematic testing of multithreaded programs", 2007).
/// </summary>
internal sealed class EveryChoice(int switches) : IChoices
{
    private readonly List<(int Taken, int Count)> _path = [];
    private int _depth;
    private int _switched;

    public int Switch(int others)
    {
        if (_switched == switches || others == 0)
        {
            return 0;
        }

        var taken = Take(others + 1);
        _switched += taken > 0 ? 1 : 0;
        return taken;
    }

    public int Choose(int others) => others == 1 ? 0 : Take(others);

    /// <summary>Goes to the next decisions; false when there are none.</summary>
    public bool Next()
    {
        (_depth, _switched) = (0, 0);
        while (_path.Count > 0)
        {
            var (taken, count) = _path[^1];
            _path.RemoveAt(_path.Count - 1);
            if (taken + 1 < count)
            {
                _path.Add((taken + 1, count));
                return true;
            }
        }

        return false;
    }

    /// <summary>The decisions of the last run that were not "go on".</summary>
    public override string ToString() =>
        string.Join(' ', _path.Take(_depth).Select((step, at) => (step.Taken, At: at)).Where(step => step.Taken > 0).Select(step => $"{step.At}:{step.Taken}"));

    private int Take(int count)
    {
        if (_depth == _path.Count)
        {
            _path.Add((0, count));
        }

        return _path[_depth++].Taken;
    }
}
