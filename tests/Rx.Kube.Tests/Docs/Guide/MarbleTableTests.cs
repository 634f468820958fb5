using System.Text.RegularExpressions;
using Rx.Kube.Testing;

namespace Rx.Kube.Tests.Docs.Guide;

/// <summary>The examples in the table of marbles mean what the table says.</summary>
public sealed partial class MarbleTableTests
{
    public static TheoryData<string, string> Examples
    {
        get
        {
            var examples = new TheoryData<string, string>();
            foreach (Match row in Row().Matches(Repository.Read(GuidePage.Path)))
            {
                // A table needs a backslash before a bar.
                examples.Add(row.Groups["diagram"].Value.Replace(@"\|", "|", StringComparison.Ordinal), row.Groups["says"].Value);
            }

            return examples;
        }
    }

    [Fact]
    public void There_are_examples() => Assert.True(Examples.Count >= 8);

    [Theory]
    [MemberData(nameof(Examples))]
    public void An_example_says_what_the_table_says(string diagram, string says) =>
        Assert.Equal(says, diagram.Contains('!', StringComparison.Ordinal) ? Subscribed(diagram) : Streamed(diagram));

    private static string Subscribed(string diagram)
    {
        var (from, to) = MarbleDiagram.Subscription(diagram)!.Value;
        return $"from {from / VirtualTime.TicksPerFrame} ms to {to / VirtualTime.TicksPerFrame} ms";
    }

    private static string Streamed(string diagram)
    {
        var errors = new MarbleErrors { { "", new IOException("#") }, { "gone", new IOException("#gone") } };
        var messages = MarbleDiagram.Hot(diagram, c => c, errors);
        return string.Join(", ", messages.Select(m => $"{Text(m.Value)} at {m.Frame} ms"));
    }

    private static string Text(System.Reactive.Notification<char> message) => message.Kind switch
    {
        System.Reactive.NotificationKind.OnNext => $"{message.Value}",
        System.Reactive.NotificationKind.OnError => message.Exception!.Message,
        _ => "end",
    };

    [GeneratedRegex(@"^\| .+ \| .+ \| `(?<diagram>.+)` \| (?<says>[^|`]+) \|$", RegexOptions.Multiline)]
    private static partial Regex Row();
}
