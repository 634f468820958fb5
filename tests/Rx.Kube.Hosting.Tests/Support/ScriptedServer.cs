using System.Net;
using System.Reactive.Linq;
using Rx.Kube.Testing;

namespace Rx.Kube.Hosting.Tests.Support;

/// <summary>A server in virtual time that lists the same slice each time, and can refuse, or be away.</summary>
internal sealed class ScriptedServer
{
    public ScriptedServer() => Http = new ScriptedHttp(Clock) { Answer = Answer };

    public VirtualClock Clock { get; } = new();

    public ScriptedHttp Http { get; }

    /// <summary>Gets or sets the status of every answer from now on: 0 breaks the connection instead, and those that are open.</summary>
    public int Status { get; set; } = 200;

    /// <summary>Gets or sets whether requests are accepted, and never answered.</summary>
    public bool IsSilent { get; set; }

    /// <summary>Gets or sets the status of the watches alone.</summary>
    public int WatchStatus { get; set; } = 200;

    public string Message { get; set; } =
        """endpointslices.discovery.k8s.io is forbidden: User "system:serviceaccount:prod:cart" cannot list""";

    /// <summary>Gets or sets the Service of the slice.</summary>
    public string Service { get; set; } = "cache";

    public KubeConnection Connect()
    {
        var client = new HttpClient(Http) { Timeout = Timeout.InfiniteTimeSpan };
        return KubeConnection.From(
            client, new Uri("http://kube"), options: new() { Namespace = "prod", Scheduler = Clock }, disposeClient: true);
    }

    private ScriptedResponse? Answer(ScriptedRequest request)
    {
        if (IsSilent)
        {
            return null;
        }

        var isWatch = request.Query("watch") is not null;
        var status = Status != 200 ? Status : isWatch ? WatchStatus : 200;
        return status switch
        {
            0 => new("#refused", new Dictionary<char, string>()),
            200 when isWatch => new(Observable.Timer(TimeSpan.FromSeconds(1), Clock).Repeat()
                .Where(_ => Status == 0).Select(_ => Array.Empty<byte>()).Take(1)
                .Concat(Observable.Throw<byte[]>(new IOException("broken")))),
            200 => ScriptedResponse.Of(SliceJson.List("17", Slice.Of($"{Service}-abc", Service, @namespace: "prod")
                .With("cache-0", "10.0.0.1").With("cache-1", "10.0.0.2"))),
            _ => ScriptedResponse.Of(SliceJson.Status(status, "Forbidden", Message), (HttpStatusCode)status),
        };
    }
}
