namespace Gateway.Tests.Docs;

/// <summary>Log events are a contract: people search for their ids and names.</summary>
public sealed class EventIndexTests
{
    [Fact]
    public void The_index_of_events_is_what_the_code_logs() => Repository.Holds("docs/events.md", EventIndex.Text());

    [Fact]
    public void No_two_events_have_the_same_id() =>
        Assert.Empty(EventIndex.All.GroupBy(log => log.Id).Where(group => group.Count() > 1).Select(group => string.Join(", ", group)));

    [Fact]
    public void Every_event_has_a_name_of_its_own_written_down_where_it_is_logged()
    {
        Assert.True(EventIndex.All.Count > 80);
        Assert.All(EventIndex.All, log => Assert.Matches("^[a-z0-9]+(-[a-z0-9]+)*$", log.Name ?? $"no EventName: {log.Message}"));
        Assert.Empty(EventIndex.All.GroupBy(log => log.Name).Where(group => group.Count() > 1).Select(group => string.Join(", ", group)));
    }
}
