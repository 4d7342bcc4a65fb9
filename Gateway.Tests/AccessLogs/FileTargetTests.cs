using Gateway.Node.AccessLogs;
using Microsoft.Extensions.Time.Testing;

namespace Gateway.Tests.AccessLogs;

public sealed class FileTargetTests : IDisposable
{
    private readonly TemporaryFiles _files = new([]);
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2027, 1, 2, 3, 4, 5, TimeSpan.Zero));

    private string Log => _files["access.log"];

    public void Dispose() => _files.Dispose();

    [Fact]
    public void Lines_are_appended_to_what_is_there()
    {
        File.WriteAllText(Log, "old\n");
        using var target = new FileTarget(Log, 0, TimeSpan.Zero, 7, _clock);
        target.Write("one\ntwo\n"u8);
        target.Write("three\n"u8);
        Assert.Equal("old\none\ntwo\nthree\n", File.ReadAllText(Log));
    }

    [Fact]
    public void A_file_that_would_become_too_large_is_rotated_between_lines_and_the_oldest_go()
    {
        File.WriteAllText(Log + ".bak", "not ours");
        using var target = new FileTarget(Log, 10, TimeSpan.Zero, 2, _clock);
        for (var i = 0; i < 5; i++)
        {
            target.Write(System.Text.Encoding.ASCII.GetBytes($"line {i}\n"));
            _clock.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal("line 4\n", File.ReadAllText(Log));
        Assert.Equal(
            ["access.log", "access.log.20270102-030408", "access.log.20270102-030409", "access.log.bak"],
            Directory.EnumerateFiles(Path.GetDirectoryName(Log)!).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal("line 3\n", File.ReadAllText(Log + ".20270102-030409"));
    }

    [Fact]
    public void Files_that_are_rotated_within_a_second_all_stay()
    {
        using var target = new FileTarget(Log, 1, TimeSpan.Zero, 7, _clock);
        target.Write("a\n"u8);
        target.Write("b\n"u8);
        target.Write("c\n"u8);
        Assert.Equal(["c\n", "a\n", "b\n"], Directory.EnumerateFiles(Path.GetDirectoryName(Log)!).Order(StringComparer.Ordinal).Select(File.ReadAllText));
    }

    [Fact]
    public void A_file_that_is_too_old_is_rotated_at_its_next_line()
    {
        using var target = new FileTarget(Log, 0, TimeSpan.FromHours(1), 7, _clock);
        target.Write("a\n"u8);
        _clock.Advance(TimeSpan.FromMinutes(59));
        target.Write("b\n"u8);
        _clock.Advance(TimeSpan.FromMinutes(1));
        target.Write("c\n"u8);
        Assert.Equal("c\n", File.ReadAllText(Log));
        Assert.Equal("a\nb\n", File.ReadAllText(Log + ".20270102-040405"));
    }

    [Fact]
    public void After_it_was_moved_away_the_file_is_begun_anew_when_it_is_opened_anew()
    {
        using var target = new FileTarget(Log, 0, TimeSpan.Zero, 7, _clock);
        target.Write("a\n"u8);
        File.Move(Log, Log + ".1");
        target.Write("b\n"u8);
        target.Reopen();
        target.Write("c\n"u8);
        Assert.Equal(("a\nb\n", "c\n"), (File.ReadAllText(Log + ".1"), File.ReadAllText(Log)));
    }

    [Fact]
    public void After_an_error_lines_begin_on_a_line_of_their_own()
    {
        var inner = _files["folder/access.log"];
        using var target = new FileTarget(inner, 0, TimeSpan.Zero, 7, _clock);
        Assert.True(LogWriter.IsFault(Assert.ThrowsAny<Exception>(() => target.Write("lost\n"u8))));
        Directory.CreateDirectory(Path.GetDirectoryName(inner)!);
        target.Write("kept\n"u8);
        Assert.Equal("\nkept\n", File.ReadAllText(inner));
    }
}
