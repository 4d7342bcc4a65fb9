using System.Security.Cryptography.X509Certificates;
using Gateway.Actors.Cluster.Options;

namespace Gateway.Tests.Cluster;

public sealed class ClusterTlsTests
{
    [Theory]
    [InlineData("a.crt", "a.key", "ca.crt", null)]
    [InlineData("empty.crt", "a.key", "ca.crt", ClusterTlsPart.Certificate)]
    [InlineData("a.key", "a.key", "ca.crt", ClusterTlsPart.Certificate)]
    [InlineData("a.crt", "a.crt", "ca.crt", ClusterTlsPart.Key)]
    [InlineData("a.crt", "b.key", "ca.crt", ClusterTlsPart.Key)]
    [InlineData("a.crt", "a.key", "empty.crt", ClusterTlsPart.Authority)]
    [InlineData("a.crt", "a.key", "strangers-ca.crt", ClusterTlsPart.Certificate)]
    public void Files_that_do_not_fit_are_distinguished(string certificate, string key, string authority, ClusterTlsPart? fault) =>
        Assert.Equal(fault, (Parse(certificate, key, authority) as ClusterTlsResult.Faulty)?.Part);

    [Fact]
    public void A_peer_is_a_replica_if_the_authority_has_signed_its_certificate()
    {
        var tls = Assert.IsType<ClusterTlsResult.Loaded>(Parse("a.crt", "a.key", "ca.crt")).Tls;
        Assert.True(tls.Accepts(Certificate("b.crt")));
        Assert.False(tls.Accepts(Certificate("stranger.crt")));
        Assert.False(tls.Accepts(null));
    }

    private static ClusterTlsResult Parse(string certificate, string key, string authority) =>
        ClusterTls.Parse(TestCertificates.Files[certificate], TestCertificates.Files[key], TestCertificates.Files[authority]);

    private static X509Certificate2 Certificate(string name) => X509Certificate2.CreateFromPem(TestCertificates.Files[name]);
}
