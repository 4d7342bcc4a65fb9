using Gateway.Core.Commands;

namespace Gateway.Cli.Showing;

/// <summary>Shows a command's output as it arrives. Disposing it restores the terminal.</summary>
internal interface IPrinter : IDisposable
{
    void Show(CommandOutput output);
}
