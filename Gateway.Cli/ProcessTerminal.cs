using System.Runtime.InteropServices;

namespace Gateway.Cli;

/// <summary>The terminal, or the pipes, that the process was started with.</summary>
internal sealed class ProcessTerminal : ITerminal
{
    private const int UnknownWidth = 120;

    public TextReader In => Console.In;

    public TextWriter Out => Console.Out;

    public TextWriter Error => Console.Error;

    public bool ReadsKeys => !Console.IsInputRedirected && !Console.IsOutputRedirected;

    public bool IsSeen => !Console.IsOutputRedirected;

    public int Width => Console.IsOutputRedirected || Console.WindowWidth <= 0 ? UnknownWidth : Console.WindowWidth;

    public ConsoleKeyInfo ReadKey()
    {
        Console.TreatControlCAsInput = true;
        try
        {
            return Console.ReadKey(intercept: true);
        }
        finally
        {
            Console.TreatControlCAsInput = false;
        }
    }

    public IDisposable CancelOnInterrupt(CancellationTokenSource source) => PosixSignalRegistration.Create(PosixSignal.SIGINT, context =>
    {
        context.Cancel = true;
        source.Cancel();
    });
}
