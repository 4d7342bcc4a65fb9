using Gateway.Core.Commands;

namespace Gateway.Cli.Showing;

/// <summary>Shows what a command says, as it comes.</summary>
internal interface IPrinter
{
    void Show(CommandOutput output);
}
