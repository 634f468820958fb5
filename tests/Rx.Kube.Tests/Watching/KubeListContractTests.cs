using System.Text;
using Rx.Kube.Testing;
using Rx.Kube.Tests.Contracts;

namespace Rx.Kube.Tests.Watching;

/// <summary>
/// A list over HTTP; a source is the bodies of the answers, in order. p is a page that another one follows, l the last page; h and t are
/// the
/// halves of l. A list is drawn as the number of its objects.
/// </summary>
[ContractOf(typeof(IWatchable<>), nameof(IWatchable<>.List))]
[ContractOf(typeof(KubeObservable), nameof(KubeObservable.List))]
public sealed class KubeListContractTests : StreamContract<WatchEvent<string>.Listed>
{
    private static readonly ResourceKind<string> _pods = new("", "v1", "pods", _ => "x");

    protected override IReadOnlyList<(string Source, string Result)> Examples =>
    [
        ("", ""),
        ("l|", "-[2|]"),
        ("--^-h-t-|", "8ms [2|]"),
        ("p-|, --^l-|", "7ms [3|]"),
        ("p-|, --#refused", "----#"),
        ("h-#reset", "--#"),
        ("h-|", "--#"),
        ("X-|", "--#"),
    ];

    protected override IEnumerable<Func<object>> BadCalls =>
    [
        () => ((IWatchable<string>)null!).List(),
        () => Pods(new VirtualClock(), "").Watchable.List(null!),
    ];

    protected override ContractStream<WatchEvent<string>.Listed> Make(string source, TestClock clock, GrammarLog grammar)
    {
        var (http, watchable) = Pods(clock, source);
        return new(watchable.List(), () => http.Requests.Select(r => Asked(r.Frame, r.End)));
    }

    protected override char Key(WatchEvent<string>.Listed value) => (char)('0' + value.Items.Length);

    private static (ScriptedHttp Http, IWatchable<string> Watchable) Pods(TestClock clock, string bodies)
    {
        ScriptedResponse[] answers = [.. bodies.Split(", ")
            .Select(b => new ScriptedResponse(b, key => Encoding.UTF8.GetBytes(Chunk(key))))];
        var http = new ScriptedHttp(clock) { Responses = [.. answers, .. answers] };
        var connection = KubeConnection.From(
            new HttpClient(http) { Timeout = Timeout.InfiniteTimeSpan }, new Uri("http://api.test/"), options: new() { Scheduler = clock });
        return (http, connection.Resources(_pods));
    }

    private static string Chunk(char key) => key switch
    {
        'p' => """{"metadata":{"resourceVersion":"17","continue":"more"},"items":[{}]}""",
        'l' => """{"metadata":{"resourceVersion":"17"},"items":[{},{}]}""",
        'h' => Chunk('l')[..20],
        't' => Chunk('l')[20..],
        _ => "what is this",
    };
}
