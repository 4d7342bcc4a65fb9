using System.Buffers;
using Microsoft.AspNetCore.Connections;

namespace Gateway.Node.Hosting;

/// <summary>Gives Kestrel its memory, which disposes of what it gets.</summary>
internal sealed class IngressMemoryFactory(TimeProvider clock) : IMemoryPoolFactory<byte>
{
    public MemoryPool<byte> Create(MemoryPoolOptions? options = null) => new IngressMemory(clock);
}
