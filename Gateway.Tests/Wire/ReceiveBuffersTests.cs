using System.Runtime.InteropServices;
using Gateway.Wire;

namespace Gateway.Tests.Wire;

public sealed class ReceiveBuffersTests
{
    [UringFact]
    public void A_returned_buffer_reads_as_nonsense_and_a_write_to_one_is_detected()
    {
        using var ring = new Ring(submissions: 4, completions: 8);
        using var buffers = new ReceiveBuffers(ring, isChecked: true, count: 2);
        var bytes = buffers.Take(1, 10);
        var kept = MemoryMarshal.CreateSpan(ref MemoryMarshal.GetReference(bytes), bytes.Length);
        kept.Fill(7);
        buffers.Give(1, 10);

        Assert.DoesNotContain((byte)7, kept.ToArray());
        Assert.True(buffers.Take(1, 0).IsEmpty);
        kept[3] = 7;
        Assert.Throws<InvalidOperationException>(() => { buffers.Take(1, 3); });
    }
}
