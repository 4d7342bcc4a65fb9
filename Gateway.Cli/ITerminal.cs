namespace Gateway.Cli;

/// <summary>The input and output of pbm.</summary>
internal interface ITerminal
{
    TextReader In { get; }

    TextWriter Out { get; }

    TextWriter Error { get; }

    /// <summary>Whether input comes from a keyboard.</summary>
    bool ReadsKeys { get; }

    /// <summary>Whether output goes to a screen, so that tables may have colours and the screen may be cleared.</summary>
    bool IsSeen { get; }

    /// <summary>The width in columns.</summary>
    int Width { get; }

    /// <summary>The height in lines.</summary>
    int Height { get; }

    /// <summary>Waits for a key, which may be Ctrl-C.</summary>
    ConsoleKeyInfo ReadKey();

    /// <summary>Makes Ctrl-C and SIGTERM cancel the source instead of ending the process, until the result is disposed.</summary>
    IDisposable CancelOnInterrupt(CancellationTokenSource source);
}
