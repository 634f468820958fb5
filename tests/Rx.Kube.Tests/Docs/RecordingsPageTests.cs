using Rx.Kube.Models;
using Rx.Kube.Testing;

namespace Rx.Kube.Tests.Docs;

/// <summary>docs/recordings.md: its example is a recording.</summary>
public sealed class RecordingsPageTests
{
    [Fact]
    public void The_example_is_read_and_played()
    {
        var recording = Recording.Parse(Markdown.Blocks("docs/recordings.md", "json").Single());
        Assert.Empty(recording.Warnings);
        Assert.Equal(("cache", TimeSpan.FromSeconds(80)), (recording.Header.Service, recording.Duration));
        Assert.Equal(
            ["Listed", "Modified", "Bookmark", "Interrupted", "Resumed"],
            recording.Events<EndpointSlice>().Select(e => e.Value.Value.GetType().Name));
        Assert.Equal("mark 1", Assert.Single(recording.Marks).Value);
    }
}
