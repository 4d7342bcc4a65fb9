namespace Gateway.Interleavings;

/// <summary>Decides a run.</summary>
internal interface IChoices
{
    /// <summary>A thread is at a step: 0, it goes on, or the number of another that runs instead, from 1.</summary>
    int Switch(int others);

    /// <summary>A thread has ended, or waits: which of so many runs next, from 0.</summary>
    int Choose(int others);
}
