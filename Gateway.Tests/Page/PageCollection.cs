namespace Gateway.Tests.Page;

/// <summary>Tests of the page share a browser and a cluster, and go one after the other.</summary>
[CollectionDefinition(nameof(PageCollection))]
public sealed class PageCollection : ICollectionFixture<Browser>, ICollectionFixture<PageCluster>;
