namespace Gateway.Cli;

/// <summary>What pbm reads from and writes to.</summary>
internal interface ITerminal
{
    TextReader In { get; }

    TextWriter Out { get; }

    TextWriter Error { get; }

    /// <summary>Whether someone types at it.</summary>
    bool ReadsKeys { get; }

    /// <summary>Whether someone looks at it, so that tables may have colours and screens may be cleared.</summary>
    bool IsSeen { get; }

    /// <summary>Columns.</summary>
    int Width { get; }

    /// <summary>Lines.</summary>
    int Height { get; }

    /// <summary>Waits for a key; Ctrl-C is one.</summary>
    ConsoleKeyInfo ReadKey();

    /// <summary>Has Ctrl-C, and SIGTERM, cancel the source, and not end the process, until the result is disposed of.</summary>
    IDisposable CancelOnInterrupt(CancellationTokenSource source);
}
