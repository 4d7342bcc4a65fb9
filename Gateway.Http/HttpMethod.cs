namespace Gateway.Http;

/// <summary>Strings for the standard methods, so that a request allocates none.</summary>
public static class HttpMethod
{
    /// <summary>
    /// Returns the method as a string, without allocation if it is a standard one. Methods are case-sensitive.
    /// </summary>
    public static string Of(ReadOnlySpan<byte> method) => method.Length switch
    {
        3 when method.SequenceEqual("GET"u8) => "GET",
        3 when method.SequenceEqual("PUT"u8) => "PUT",
        4 when method.SequenceEqual("POST"u8) => "POST",
        4 when method.SequenceEqual("HEAD"u8) => "HEAD",
        5 when method.SequenceEqual("PATCH"u8) => "PATCH",
        5 when method.SequenceEqual("TRACE"u8) => "TRACE",
        6 when method.SequenceEqual("DELETE"u8) => "DELETE",
        7 when method.SequenceEqual("OPTIONS"u8) => "OPTIONS",
        7 when method.SequenceEqual("CONNECT"u8) => "CONNECT",
        _ => System.Text.Encoding.ASCII.GetString(method),
    };
}
