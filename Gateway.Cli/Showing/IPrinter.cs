using Gateway.Core.Commands;

namespace Gateway.Cli.Showing;

/// <summary>Shows what a command says, as it comes. Disposing it leaves the terminal as it was.</summary>
internal interface IPrinter : IDisposable
{
    void Show(CommandOutput output);
}
