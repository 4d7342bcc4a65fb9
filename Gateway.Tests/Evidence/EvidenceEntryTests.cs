using Gateway.Core.Evidence;

namespace Gateway.Tests.Evidence;

public sealed class EvidenceEntryTests
{
    [Fact]
    public void Its_size_on_the_wire_is_at_most_72_bytes_and_those_of_its_texts()
    {
        var entry = new EvidenceEntry(TestEndpoints.Id(1), 1, Cast.Sick);
        Assert.Equal(72 + 7 + 20, entry.MaxEncodedBytes); // default, http://10.0.0.1:8000
        Assert.Equal(72 + 5 + 20 + 6, (entry with { Endpoint = TestEndpoints.Id(1, "café"), Why = "déjà" }).MaxEncodedBytes);
    }
}
