namespace Gateway.Http.Http2;

/// <summary>The names of the error codes in RFC 9113 7.</summary>
public static class Http2Errors
{
    public static string NameOf(Http2Error error) => error switch
    {
        Http2Error.NoError => "NO_ERROR",
        Http2Error.ProtocolError => "PROTOCOL_ERROR",
        Http2Error.InternalError => "INTERNAL_ERROR",
        Http2Error.FlowControlError => "FLOW_CONTROL_ERROR",
        Http2Error.SettingsTimeout => "SETTINGS_TIMEOUT",
        Http2Error.StreamClosed => "STREAM_CLOSED",
        Http2Error.FrameSizeError => "FRAME_SIZE_ERROR",
        Http2Error.RefusedStream => "REFUSED_STREAM",
        Http2Error.Cancel => "CANCEL",
        Http2Error.CompressionError => "COMPRESSION_ERROR",
        Http2Error.ConnectError => "CONNECT_ERROR",
        Http2Error.EnhanceYourCalm => "ENHANCE_YOUR_CALM",
        Http2Error.InadequateSecurity => "INADEQUATE_SECURITY",
        Http2Error.Http11Required => "HTTP_1_1_REQUIRED",
        _ => "UNKNOWN",
    };
}
