using Gateway.Http.Http2;

namespace Gateway.Tests.Http.Http2;

public sealed class Http2ErrorsTests
{
    [Theory]
    [InlineData(0x0u, "NO_ERROR")]
    [InlineData(0x1u, "PROTOCOL_ERROR")]
    [InlineData(0x2u, "INTERNAL_ERROR")]
    [InlineData(0x3u, "FLOW_CONTROL_ERROR")]
    [InlineData(0x4u, "SETTINGS_TIMEOUT")]
    [InlineData(0x5u, "STREAM_CLOSED")]
    [InlineData(0x6u, "FRAME_SIZE_ERROR")]
    [InlineData(0x7u, "REFUSED_STREAM")]
    [InlineData(0x8u, "CANCEL")]
    [InlineData(0x9u, "COMPRESSION_ERROR")]
    [InlineData(0xau, "CONNECT_ERROR")]
    [InlineData(0xbu, "ENHANCE_YOUR_CALM")]
    [InlineData(0xcu, "INADEQUATE_SECURITY")]
    [InlineData(0xdu, "HTTP_1_1_REQUIRED")]
    [InlineData(0xeu, "UNKNOWN")]
    [InlineData(0xffffffffu, "UNKNOWN")]
    public void A_code_has_the_name_that_RFC_9113_gives_it(uint code, string name) => Assert.Equal(name, Http2Errors.NameOf((Http2Error)code));
}
