using System.Runtime.InteropServices;

namespace Gateway.Cli;

/// <summary>The process's terminal or pipes.</summary>
internal sealed class ProcessTerminal : ITerminal
{
    private const int UnknownWidth = 120;
    private const int UnknownHeight = 50;

    public TextReader In => Console.In;

    public TextWriter Out => Console.Out;

    public TextWriter Error => Console.Error;

    public bool ReadsKeys => !Console.IsInputRedirected && !Console.IsOutputRedirected;

    public bool IsSeen => !Console.IsOutputRedirected;

    public int Width => Console.IsOutputRedirected || Console.WindowWidth <= 0 ? UnknownWidth : Console.WindowWidth;

    public int Height => Console.IsOutputRedirected || Console.WindowHeight <= 0 ? UnknownHeight : Console.WindowHeight;

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

    public IDisposable CancelOnInterrupt(CancellationTokenSource source) => new Interruption(source);

    private sealed class Interruption : IDisposable
    {
        private readonly CancellationTokenSource _source;
        private readonly PosixSignalRegistration[] _signals;

        public Interruption(CancellationTokenSource source)
        {
            _source = source;
            _signals = [PosixSignalRegistration.Create(PosixSignal.SIGINT, Take), PosixSignalRegistration.Create(PosixSignal.SIGTERM, Take)];
        }

        public void Dispose() => Array.ForEach(_signals, signal => signal.Dispose());

        private void Take(PosixSignalContext context)
        {
            context.Cancel = true;
            _source.Cancel();
        }
    }
}
