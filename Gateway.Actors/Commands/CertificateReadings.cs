using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Gateway.Actors.Inspection;
using Gateway.Core.Commands;

namespace Gateway.Actors.Commands;

/// <summary>The command of the palette <c>gateway</c> that shows the certificates of TLS with clients.</summary>
public sealed class CertificateReadings(IReplica replica)
{
    private const double SecondsPerDay = 86400;

    public ImmutableArray<Command> Commands => [new(new("certs", "The certificates served to clients.", []), ShowAsync)];

    private async IAsyncEnumerable<CommandOutput> ShowAsync(CommandRequest request, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await Task.CompletedTask;
        yield return new CommandOutput.Table(
        [
            new("names", "NAMES"), new("subject", "SUBJECT"), new("issuer", "ISSUER"), new("notAfter", "NOT AFTER"), new("daysLeft", "DAYS LEFT", CellFormat.Count),
            new("default", "DEFAULT"), new("file", "FILE"), new("state", "STATE"), new("fault", "FAULT"),
        ]);
        foreach (var certificate in replica.Certificates)
        {
            yield return new CommandOutput.Row(
            [
                certificate.Names.IsEmpty ? default(Cell) : string.Join(", ", certificate.Names), certificate.Subject, certificate.Issuer, Times.Show(certificate.NotAfter),
                Math.Floor(certificate.SecondsLeft / SecondsPerDay), certificate.IsDefault, certificate.File,
                JsonNamingPolicy.KebabCaseLower.ConvertName(certificate.State.ToString()), certificate.Fault,
            ]);
        }
    }
}
