using System.Text;
using Rx.Kube.Testing;
using static Rx.Kube.Tests.EndToEnd.Answers;

namespace Rx.Kube.Tests.EndToEnd;

/// <summary>Chunks of the network have no meaning; only line ends have.</summary>
public sealed class FramingTests
{
    // The characters outside ASCII take two, three and four bytes.
    private static readonly byte[] _line = Utf8(SliceJson.Added(Slice.Of("é-中-😀", "cache", 18, port: 80).With("é中😀", "10.0.0.2")));

    [Fact]
    public void An_event_cut_at_any_byte_is_emitted_with_its_last_byte() =>
        Assert.All(Enumerable.Range(1, _line.Length - 1), cut =>
            Run.Play("1s", List("17", "a"), new("^-1-2", key => key == '1' ? _line[..cut] : _line[cut..])).Saw("0 live a", "4 live aé中😀"));

    [Fact]
    public void An_event_may_come_byte_by_byte()
    {
        var next = 0;
        var run = Run.Play("1s", List("17", "a"), new(new string('.', _line.Length), _ => [_line[next++ % _line.Length]]));
        run.Saw("0 live a", $"{_line.Length - 1} live aé中😀");
    }

    [Fact]
    public void Several_events_in_one_chunk_are_several_snapshots_of_one_frame() =>
        Run.Play("1s", List("17", "a"), new("--*", _ => Utf8(Lines['b'] + "\n" + Lines['c'] + "\r\n" + Lines['x'])))
            .Saw("0 live a", "2 live ab", "2 live abc", "2 live ac");

    [Theory]
    [InlineData("bc", "")]
    [InlineData("bc", " ")]
    [InlineData("bB", "", "m")]
    public void Several_events_on_one_line_are_several_events(string events, string between, string more = "") =>
        Run.Play("1s", List("17", "a"), new("--*", _ => Utf8(
                string.Join(between, (events + more).Select(e => Lines[e].TrimEnd())) + "\n")))
            .Saw(["0 live a", "2 live ab", more.Length > 0 ? "2 live abm" : "2 live abc"]);

    [Theory]
    [InlineData(",\"", ",\n \"")]
    [InlineData("{", "{\n\n\t")]
    [InlineData("}", "\r\n}")]
    public void An_event_over_several_lines_is_one_event(string at, string broken) =>
        Run.Play("1s", List("17", "a"), new("-1-2", key => Utf8(
                key == '1' ? Lines['b'].TrimEnd().Replace(at, broken, StringComparison.Ordinal) : "\n" + Lines['c'])))
            .Saw("0 live a", "3 live ab", "3 live abc");

    [Fact]
    public void A_line_that_is_no_event_after_one_that_is_leads_to_a_new_list() =>
        Run.PlayWithLongWaits("3s", List("17", "a"), new("--*", _ => Utf8(Lines['b'].TrimEnd() + "garbage\n")), List("30", "c"), Watch(""))
            .Saw("0 live a", "2 live ab", "2 stale ab Protocol +2000", "2002 live c");

    [Fact]
    public void A_broken_object_alone_on_its_line_is_skipped_and_one_that_hides_further_events_leads_to_a_new_list()
    {
        var broken = Lines['b'].TrimEnd().Replace("\"endpoints\":[", "\"endpoints\":[tru,", StringComparison.Ordinal);
        Run.Play("1s", List("17", "a"), new("-1-2", key => Utf8(key == '1' ? broken + "\n" : Lines['c'])))
            .Saw("0 live a", "1 live a", "3 live ac");
        Run.PlayWithLongWaits("3s", List("17", "a"), new("--*", _ => Utf8(broken + Lines['c'])), List("30", "c"), Watch(""))
            .Saw("0 live a", "2 stale a Protocol +2000", "2002 live c");
    }

    [Fact]
    public void An_event_that_breaks_off_in_the_middle_of_a_line_leads_to_a_new_list() =>
        Run.PlayWithLongWaits(
                "3s", List("17", "a"), new("-1-2", key => Utf8(key == '1' ? Lines['b'].TrimEnd()[..^4] + "\n" : Lines['c'])),
                List("30", "c"), Watch(""))
            .Saw("0 live a", "3 stale a Protocol +2000", "2003 live c");

    [Fact]
    public void An_end_in_the_middle_of_a_line_is_a_broken_connection_and_the_line_is_ignored() =>
        Run.Play("3s", List("17", "a"), new("b-1|", key => Utf8(key == 'b' ? Lines['b'] : Lines['c'].TrimEnd())), Watch("c"))
            .Saw("0 live a", "0 live ab", "3 live abc")
            .Asked("list at 0 to 0", "watch from 17 at 0 to 3", "watch from 18 at 3 to 3000");

    [Fact]
    public void A_body_that_breaks_in_the_middle_of_a_character_is_resumed_from_the_last_whole_event()
    {
        var cut = Encoding.UTF8.GetByteCount(Encoding.UTF8.GetString(_line).Split('中')[0]) + 1;
        Run.Play("3s", List("17", "a"), new("B-1-#reset", key => key == 'B' ? Utf8(Lines['B']) : _line[..cut]), Watch("--m"))
            .Saw("0 live a", "6 live am")
            .Asked("list at 0 to 0", "watch from 17 at 0 to 4", "watch from 25 at 4 to 3000");
    }

    [Fact]
    public void A_line_without_an_end_is_cut_at_the_limit_and_leads_to_a_new_list()
    {
        var run = Run.Play("3s", new Script
        {
            Responses =
            [
                List("17", "a"), new("b 10ms 11111", key => key == 'b' ? Utf8(Lines['b']) : new byte[400]), List("30", "c"), Watch(""),
            ],
            Options = Script.LongWaits,
            Limits = new() { MaxObjectBytes = 1000 },
        });
        run.Saw("0 live a", "0 live ab", "13 stale ab Protocol +2000", "2013 live c");
        Assert.IsType<KubeProtocolException>(Assert.Single(run.Errors));
    }

    [Fact]
    public void A_line_that_is_no_event_leads_to_a_new_list() =>
        Run.PlayWithLongWaits("3s", List("17", "a"), Watch("--?"), List("30", "c"), Watch(""))
            .Saw("0 live a", "2 stale a Protocol +2000", "2002 live c")
            .Asked("list at 0 to 0", "watch from 17 at 0 to 2", "list not older than 17 at 2002 to 2002", "watch from 30 at 2002 to 3000");

    [Fact]
    public void A_list_may_be_compressed_and_one_that_is_cut_is_an_interruption()
    {
        var run = Run.PlayWithLongWaits("3s", new ScriptedResponse("(z|)", _ => [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3])
        {
            Headers = new Dictionary<string, string> { ["Content-Encoding"] = "gzip" },
        });
        Assert.Equal("gzip", run.Http.Requests[0].Headers["Accept-Encoding"]);
        run.Saw("0 syncing Unreachable +2000");
    }
}
