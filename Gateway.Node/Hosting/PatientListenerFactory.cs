using System.Net;
using Microsoft.AspNetCore.Connections;

namespace Gateway.Node.Hosting;

/// <summary>Wraps Kestrel's listeners in <see cref="PatientListener"/>.</summary>
internal sealed class PatientListenerFactory(IConnectionListenerFactory inner, TimeProvider clock, ILogger<PatientListener> log) : IConnectionListenerFactory
{
    public async ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) =>
        new PatientListener(await inner.BindAsync(endpoint, cancellationToken), clock, OpenFiles.HaveRoom, log);
}
