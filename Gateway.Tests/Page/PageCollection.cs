namespace Gateway.Tests.Page;

/// <summary>Tests of the page share a browser and a cluster, and run one after another.</summary>
[CollectionDefinition(nameof(PageCollection))]
public sealed class PageCollection : ICollectionFixture<Browser>, ICollectionFixture<PageCluster>;
