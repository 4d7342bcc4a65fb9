using CsCheck;
using Gateway.Http;

namespace Gateway.Tests.Http;

public sealed class FieldNamesTests
{
    internal static readonly Dictionary<FieldName, string> Spelled = new()
    {
        [FieldName.Connection] = "Connection",
        [FieldName.KeepAlive] = "Keep-Alive",
        [FieldName.ProxyConnection] = "Proxy-Connection",
        [FieldName.Te] = "TE",
        [FieldName.TransferEncoding] = "Transfer-Encoding",
        [FieldName.Upgrade] = "Upgrade",
        [FieldName.Http2Settings] = "HTTP2-Settings",
        [FieldName.ContentLength] = "Content-Length",
        [FieldName.Host] = "Host",
        [FieldName.Expect] = "Expect",
        [FieldName.Via] = "Via",
        [FieldName.Trailer] = "Trailer",
        [FieldName.MaxForwards] = "Max-Forwards",
        [FieldName.RetryAfter] = "Retry-After",
        [FieldName.Date] = "Date",
        [FieldName.XForwardedFor] = "X-Forwarded-For",
        [FieldName.XForwardedProto] = "X-Forwarded-Proto",
        [FieldName.XForwardedHost] = "X-Forwarded-Host",
        [FieldName.Forwarded] = "Forwarded",
        [FieldName.XRequestId] = "X-Request-Id",
        [FieldName.ClientCert] = "Client-Cert",
        [FieldName.ClientCertChain] = "Client-Cert-Chain",
        [FieldName.StrictTransportSecurity] = "Strict-Transport-Security",
        [FieldName.TraceParent] = "traceparent",
        [FieldName.TraceState] = "tracestate",
        [FieldName.XHttpcgUrl] = "X-Httpcg-Url",
        [FieldName.XHttpcgPlane] = "X-Httpcg-Plane",
        [FieldName.ContentType] = "Content-Type",
        [FieldName.GrpcTimeout] = "grpc-timeout",
        [FieldName.GrpcStatus] = "grpc-status",
        [FieldName.XGatewayMirror] = "X-Gateway-Mirror",
    };

    [Fact]
    public void Every_name_is_known_in_any_case_of_letters() =>
        Gen.Select(Gen.OneOf(Enum.GetValues<FieldName>()), Gen.Bool.Array[32]).Where((name, _) => name != FieldName.Other).Sample((name, upper) =>
        {
            var spelled = Spelled[name].Select((c, i) => upper[i] ? char.ToUpperInvariant(c) : char.ToLowerInvariant(c));
            Assert.Equal(name, FieldNames.Of(Heads.Bytes(string.Concat(spelled))));
        });

    [Fact]
    public void A_name_that_differs_in_one_byte_is_another() =>
        Gen.Select(Gen.OneOf([.. Spelled.Values]), Gen.Int[0, 16], Gen.Char["!#$%&'*+-.^_`|~09azAZ\r@[{M"]).Sample((spelled, place, other) =>
        {
            var changed = spelled.ToCharArray();
            changed[place % changed.Length] = other;
            var isDashed = spelled.StartsWith("Client-Cert", StringComparison.Ordinal) || spelled.StartsWith("X-Httpcg", StringComparison.Ordinal) || spelled == "X-Gateway-Mirror";
            var isSame = (isDashed ? new string(changed).Replace('_', '-') : new string(changed)).Equals(spelled, StringComparison.OrdinalIgnoreCase);
            Assert.Equal(isSame, FieldNames.Of(Heads.Bytes(new string(changed))) != FieldName.Other);
        }, iter: 20_000);

    [Theory]
    [InlineData("Client_Cert", FieldName.ClientCert)]
    [InlineData("client_cert-chain", FieldName.ClientCertChain)]
    [InlineData("X_Httpcg-Plane", FieldName.XHttpcgPlane)]
    [InlineData("x-httpcg_url", FieldName.XHttpcgUrl)]
    [InlineData("X_Gateway_Mirror", FieldName.XGatewayMirror)]
    [InlineData("X_Request_Id", FieldName.Other)]
    public void Fields_that_must_not_reach_a_backend_are_known_with_underscores_too(string spelled, FieldName name) =>
        Assert.Equal(name, FieldNames.Of(Heads.Bytes(spelled)));

    [Fact]
    public void Any_other_length_is_another_too() =>
        Assert.All(Spelled.Values, spelled => Assert.Equal(FieldName.Other, FieldNames.Of(Heads.Bytes(spelled + "-Extended-Name"))));
}
