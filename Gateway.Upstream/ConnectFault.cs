using System.Security.Authentication;
using Gateway.Core.Outcomes;

namespace Gateway.Upstream;

/// <summary>Maps the exception of a failed connect to an attempt's report.</summary>
public static class ConnectFault
{
    public static AttemptReport ReportOf(Exception cause) => new(
        OpenFileLimit.IsCauseOf(cause) ? AttemptEnd.Saturated : AttemptEnd.NotConnected, // A limit of this process is not the endpoint's fault.
        Tls: cause is AuthenticationException,
        Detail: DetailOf(cause));

    /// <summary>Returns the innermost message.</summary>
    private static string DetailOf(Exception error) => error.InnerException is { } inner ? DetailOf(inner) : error.Message;
}
