using System.Reactive.Linq;
using Rx.Kube.Cli.Output;
using Rx.Kube.Cli.Rings;
using Rx.Kube.Cli.Terminal;
using Rx.Kube.Cli.Watching;

namespace Rx.Kube.Cli.Pages;

/// <summary>Serves the page of a ring: what <c>--web</c> does.</summary>
internal static class WebPage
{
    /// <summary>Serves the page of the ring of a command until the subscription is disposed.</summary>
    /// <param name="context">The snapshots.</param>
    /// <param name="settings">The ring.</param>
    /// <param name="address">Where to listen.</param>
    /// <returns>One block with the address of the page; OnError when the snapshots fail or the address cannot be used.</returns>
    public static IObservable<OutputBlock> Serve(WatchContext context, RingSettings settings, WebAddress address)
    {
        var options = new HashRingOptions { Layout = settings.Layout };
        var moments = RingMoment.Of(
            context.Snapshots, snapshots => snapshots.ToRingView(options).WithReplicas(settings.Replicas), context.Host.Scheduler);
        var source = new RingPageSource($"{context.Service}", context.Footer, moments, context.Host.Scheduler);
        return Serve(settings.IsRecording ? source with { Horizon = TimeSpan.MaxValue } : source, address, context);
    }

    /// <summary>Serves the page of any source of rings, such as a recording.</summary>
    /// <param name="source">The source.</param>
    /// <param name="address">Where to listen.</param>
    /// <param name="context">The terminal.</param>
    /// <returns>As above.</returns>
    public static IObservable<OutputBlock> Serve(RingPageSource source, WebAddress address, WatchContext context) => Observable.Using(
        ct => PageServer.StartAsync(new RingPage(source, context.Host.Scheduler), address, ct),
        (server, _) => Task.FromResult(
            Observable.Return(context.Block([new Line().Add(Text(server, source, address, context))]))
                .Concat(server.Page.States.IgnoreElements().Select(_ => default(OutputBlock)!))
                .Catch((ArgumentException e) => Observable.Throw<OutputBlock>(RingSnapshots.TooLarge(e)))));

    private static string Text(PageServer server, RingPageSource source, WebAddress address, WatchContext context)
    {
        if (!address.IsLoopback)
        {
            context.Host.Error.WriteLine(
                "rxkube: everyone who can reach this address can read the names and addresses of the members.");
        }

        return $"The ring of {TerminalText.Escape(source.Service, 300)} is at {server.Url.AbsoluteUri} (Ctrl+C stops)";
    }
}
