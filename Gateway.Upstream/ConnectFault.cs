using System.Security.Authentication;
using Gateway.Core.Outcomes;

namespace Gateway.Upstream;

/// <summary>What the exception of a connection that did not come about says of the attempt.</summary>
public static class ConnectFault
{
    public static AttemptReport ReportOf(Exception cause) => new(
        OpenFileLimit.IsCauseOf(cause) ? AttemptEnd.Saturated : AttemptEnd.NotConnected, // A limit of this process is not the endpoint's fault.
        Tls: cause is AuthenticationException,
        Detail: DetailOf(cause));

    /// <summary>The innermost message.</summary>
    private static string DetailOf(Exception error) => error.InnerException is { } inner ? DetailOf(inner) : error.Message;
}
