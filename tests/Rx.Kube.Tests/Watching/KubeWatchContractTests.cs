using System.Text;
using Rx.Kube.Testing;
using Rx.Kube.Tests.Contracts;

namespace Rx.Kube.Tests.Watching;

/// <summary>
/// A watch over HTTP; a source is the body of the answer. o is Opened, T two events in one chunk, h and t the halves of one event,
/// G an ERROR event with 410, X text that is not JSON, ? an object that cannot be decoded.
/// </summary>
[ContractOf(typeof(IWatchable<>), nameof(IWatchable<>.Watch))]
[ContractOf(typeof(KubeObservable), nameof(KubeObservable.Watch))]
public sealed class KubeWatchContractTests : StreamContract<WatchEvent<string>>
{
    private static readonly ResourceKind<string> _pods = new("", "v1", "pods", Name);

    protected override IReadOnlyList<(string Source, string Result)> Examples =>
    [
        ("", "o"),
        ("--^-a-B-|", "--o-a-B-|"),
        ("|", "[o|]"),
        ("T-h-t-?-|", "[oab]---h-?-|"),
        ("(^TTa|)", "(oababa|)"),
        ("--#refused", "--#"),
        ("a-#reset", "[oa]-#"),
        ("a-h|", "[oa]--#"),
        ("a-G-a", "[oa]-#"),
        ("T-X-a", "[oab]-#"),
    ];

    protected override IEnumerable<Func<object>> BadCalls =>
    [
        () => ((IWatchable<string>)null!).Watch("17"),
        () => Pods(new VirtualClock(), "").Watchable.Watch((string)null!),
        () => Pods(new VirtualClock(), "").Watchable.Watch((WatchOptions)null!),
    ];

    protected override ContractStream<WatchEvent<string>> Make(string source, TestClock clock, GrammarLog grammar)
    {
        var (http, watchable) = Pods(clock, source);
        return new(watchable.Watch("17"), () => http.Requests.Select(r => Asked(r.Frame, r.End)));
    }

    protected override char Key(WatchEvent<string> value) => value switch
    {
        WatchEvent<string>.Opened => 'o',
        WatchEvent<string>.Added added => added.Object[0],
        WatchEvent<string>.Bookmark => 'B',
        _ => '?',
    };

    private static (ScriptedHttp Http, IWatchable<string> Watchable) Pods(TestClock clock, string body)
    {
        var answer = new ScriptedResponse(body, key => Encoding.UTF8.GetBytes(Chunk(key)));
        var http = new ScriptedHttp(clock) { Responses = [answer, answer] };
        var connection = KubeConnection.From(
            new HttpClient(http) { Timeout = Timeout.InfiniteTimeSpan }, new Uri("http://api.test/"), options: new() { Scheduler = clock });
        return (http, connection.Resources(_pods));
    }

    private static string Chunk(char key) => key switch
    {
        'T' => Line("ADDED", 'a') + Line("ADDED", 'b'),
        'h' => Line("ADDED", 'h')[..30],
        't' => Line("ADDED", 'h')[30..],
        'B' => Line("BOOKMARK", 'B'),
        'G' => """{"type":"ERROR","object":{"kind":"Status","code":410,"reason":"Expired"}}""" + "\n",
        'X' => "what is this\n",
        _ => Line("ADDED", key),
    };

    private static string Line(string type, char name) =>
        $$$"""{"type":"{{{type}}}","object":{"metadata":{"name":"{{{name}}}","resourceVersion":"18"} } }""" + "\n";

    private static string Name(ReadOnlySpan<byte> json)
    {
        var text = Encoding.UTF8.GetString(json);
        var name = text[text.IndexOf("\"name\":\"", StringComparison.Ordinal) + 8];
        return name == '?' ? throw new FormatException("not mine") : $"{name}";
    }
}
