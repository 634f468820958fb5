using Rx.Kube.Testing;
using Rx.Kube.Tests.EndToEnd;
using static Rx.Kube.Tests.EndToEnd.Answers;

namespace Rx.Kube.Tests.Watching.Resuming;

/// <summary>
/// Events that the server's contract does not allow: an event at or below the version reached never changes content, and what may be lost
/// is listed. What no event tells is the matter of <see cref="StateAuditTests"/>.
/// </summary>
public class OutOfOrderEventTests
{
    private static readonly Dictionary<char, string> _lines = new(Lines)
    {
        ['z'] = SliceJson.Modified(Slice.Of("b", service: "cache", 18, port: 80).With("z", "10.0.0.99")),
    };

    [Fact]
    public void A_second_event_of_the_version_reached_changes_nothing() =>
        Run.Play("5s", List("17", "a"), new("b-z-c", _lines))
            .Saw("0 live a", "0 live ab", "4 live abc")
            .Asked("list at 0 to 0", "watch from 17 at 0 to 5000");

    [Fact]
    public void An_event_at_the_version_of_the_list_changes_nothing() =>
        Run.Play("5s", List("18", "ab"), new("z-c", _lines)).Saw("0 live ab", "2 live abc");

    [Fact]
    public void An_event_below_the_version_reached_changes_nothing_and_what_may_be_lost_is_listed() =>
        Run.Play("5s", List("17", "a"), new("c-z", _lines), List("30", "abc"), Watch(""))
            .Saw("0 live a", "0 live ac", "2 live abc")
            .Asked("list at 0 to 0", "watch from 17 at 0 to 2", "list at 2 to 2", "watch from 30 at 2 to 5000");

    [Fact]
    public void Events_that_stay_in_the_wrong_order_back_off()
    {
        var run = Run.Play("10m", new Script
        {
            Answer = request => request.Query("watch") is null ? List("17", "a") : new("2s d 100ms b", _lines),
        });

        Assert.InRange(run.Requests.Count(r => r.StartsWith("list", StringComparison.Ordinal)), 5, 40);
    }
}
