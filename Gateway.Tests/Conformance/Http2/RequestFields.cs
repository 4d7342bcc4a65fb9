using Gateway.Tests.Http.Http2;

namespace Gateway.Tests.Conformance.Http2;

/// <summary>Fields of requests, and header blocks that contain them unchanged.</summary>
internal static class RequestFields
{
    public static (string Name, string Value)[] Head(string method = "GET", string path = "/") =>
        [(":method", method), (":scheme", "http"), (":path", path), (":authority", "x")];

    public static byte[] Block(params (string Name, string Value)[] fields)
    {
        var encoder = new NaiveHpackEncoder();
        foreach (var (name, value) in fields)
        {
            encoder.Field(name, value, Representation.NotIndexed, isHuffman: false, isByName: false);
        }

        return encoder.TakeBlock();
    }
}
