using Gateway.Actors.Cluster.Wire;

namespace Gateway.Tests.Cluster.Wire;

/// <summary>Writes like a possible next version: with an additional field at the end of every item of a list.</summary>
internal sealed class NextVersionWriter : WireWriter
{
    protected override WireWriter NewItem() => new NextVersionWriter();

    protected override void EndItem() => Text("of the next version");
}
