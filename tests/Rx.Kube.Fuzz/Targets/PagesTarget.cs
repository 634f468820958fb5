using System.Net;
using System.Web;
using Rx.Kube.Fuzz.Documents;
using Rx.Kube.Models;
using Rx.Kube.Testing;

namespace Rx.Kube.Fuzz.Targets;

/// <summary>Lists of several pages, over a connection: the list, or an error; every continue token is sent back as it came.</summary>
internal sealed class PagesTarget : Target
{
    private static readonly WireLimits _limits = new() { MaxPages = 20, PageSize = 2 };
    private readonly Answers _answers = new();
    private readonly IWatchable<Pod> _pods;

    public PagesTarget()
        : base("pages", 2)
    {
        var options = new KubeConnectionOptions { Scheduler = new VirtualClock() };
        var client = new HttpClient(_answers) { Timeout = Timeout.InfiniteTimeSpan };
        _pods = KubeConnection.From(client, new Uri("https://server.example/"), options: options)
            .Resources(ResourceKinds.Pods, new ResourceSelection { Limits = _limits });
    }

    public override (Doc Document, object Meaning) Make(Dice dice)
    {
        var (pages, pods, version) = (Doc.List(), new List<Pod>(), Words.Version(dice).Replace('!', '.'));
        for (var left = dice.Below(4); left >= 0; left--)
        {
            var some = new[] { Models.Draw.Pod(dice), Models.Draw.Pod(dice) };
            pods.AddRange(some);
            var token = left == 0 ? "" : $"{left}{Words.Any(dice)}";
            pages.Items.Add(Doc.Map().With("metadata", Doc.Map().With("resourceVersion", version).With("continue", token))
                .With("items", Doc.List(some.Select(pod => Models.Docs.Of(pod, dice)))));
        }

        return (pages, pods);
    }

    public override byte[] Write(Doc document, Dice dice)
    {
        var text = new DocText(dice);
        foreach (var page in document.Items)
        {
            text.Add(page).Add("\u0003");
        }

        return text.ToArray();
    }

    public override void Check(byte[] input, object? meaning, Dice dice)
    {
        _answers.Start(input, dice);
        WatchEvent<Pod>.Listed? listed = null;
        Exception? error = null;
        using (_pods.List(ListOptions.MostRecent).Subscribe(list => listed = list, e => error = e))
        {
        }

        Require(error is null or KubeException, () => $"a list fails with {error}");
        Require(listed is not null || error is not null, "a list neither arrives nor fails");
        Require(
            meaning is not List<Pod> pods || listed?.Items.SequenceEqual(pods) == true,
            () => $"a valid list is read as another one, or fails: {error}");
        Require(_answers.Wrong is null, _answers.Wrong ?? "");
        Require(_answers.Count <= 2 * _limits.MaxPages, "a list sends requests without a limit");
    }

    private sealed class Answers : HttpMessageHandler
    {
        private readonly List<byte[]> _bodies = [];
        private Dice _dice = new(0);
        private string _token = "";

        public int Count { get; private set; }

        public string? Wrong { get; private set; }

        public void Start(byte[] input, Dice dice)
        {
            _bodies.Clear();
            for (var rest = input.AsSpan(); !rest.IsEmpty;)
            {
                var end = rest.IndexOf((byte)3);
                _bodies.Add(rest[..(end < 0 ? rest.Length : end)].ToArray());
                rest = end < 0 ? [] : rest[(end + 1)..];
            }

            (_dice, _token, Count, Wrong) = (dice, "", 0, null);
        }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var sent = HttpUtility.ParseQueryString(request.RequestUri!.Query);
            if (request.RequestUri.AbsolutePath != "/api/v1/pods" || (sent["continue"] is { } token && token != _token))
            {
                Wrong ??= $"a request goes to {request.RequestUri} after the token {_token}";
            }

            var body = _bodies.Count == 0 ? [] : _bodies[Math.Min(Count++, _bodies.Count - 1)];
            _token = "";
            try
            {
                _token = JsonWireFormat.Instance.ReadListAsync(new Pieces(body, null), WireLimits.Default, _ => { }, default)
                    .Result.Continue;
            }
            catch (AggregateException)
            {
                // The client finds that out, too.
            }

            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK)
            {
                Content = new StreamContent(new Pieces(body, _dice)) { Headers = { ContentType = new("application/json") } },
                RequestMessage = request,
            });
        }
    }
}
