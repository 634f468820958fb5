using System.Reactive;
using Rx.Kube.Models;

namespace Rx.Kube;

/// <summary>A collection of an API server, over HTTP.</summary>
internal sealed class KubeWatchable<T> : IKubeCollection<T>
{
    private readonly KubeConnection _connection;
    private readonly ResourceKind<T> _kind;
    private readonly ResourceSelection _selection;
    private readonly RequestPaths _paths;
    private readonly KindDecoders<T>? _decoders;
    private readonly RetainedObjects? _held;

    public KubeWatchable(KubeConnection connection, ResourceKind<T> kind, ResourceSelection selection)
        : this(connection, kind, selection, RequestPaths.Of(kind, selection), decoders: null, held: null)
    {
    }

    private KubeWatchable(
        KubeConnection connection, ResourceKind<T> kind, ResourceSelection selection, RequestPaths paths, KindDecoders<T>? decoders,
        RetainedObjects? held) =>
        (_connection, _kind, _selection, _paths, _decoders, _held) = (connection, kind, selection, paths, decoders, held);

    public string Name => _kind.ToString();

    public ResourceSelection Selection => _selection;

    public bool StreamsLists => string.IsNullOrEmpty(_selection.LabelSelector) && string.IsNullOrEmpty(_selection.FieldSelector);

    public Func<T, ObjectMeta?>? MetadataOf => _kind.MetadataOf;

    // A request without an answer: it ends as all others do.
    public IObservable<Unit> Disposal => AsyncObservable.Create<Unit>(
        _connection.Scheduler,
        (_, ct) => _connection.WhileOpenAsync(open => new TaskCompletionSource().Task.WaitAsync(open), ct));

    /// <inheritdoc/>
    /// <remarks>Every other subscription has decoders of its own, and counts what it holds by itself.</remarks>
    public IWatchable<T> ForOneSubscription() => new KubeWatchable<T>(
        _connection, _kind, _selection, _paths, NewDecoders(), new RetainedObjects(_selection.Limits));

    public IObservable<WatchEvent<T>.Listed> List(ListOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return AsyncObservable.Create<WatchEvent<T>.Listed>(_connection.Scheduler, (observer, ct) => _connection.WhileOpenAsync(
            async open =>
            {
                var decoders = Decoders();
                var progress = new ListProgress(Name);
                var pager = new ListPager<T>(
                    Requests("list", decoders), decoders, _paths, _selection.Limits, _connection.Scheduler, progress, _held);
                _connection.Lists.Begin(progress);
                WatchEvent<T>.Listed list;
                try
                {
                    list = await pager.ListAsync(options, open).ConfigureAwait(false);
                }
                finally
                {
                    _connection.Lists.End(progress);
                }

                observer.OnNext(list);
            },
            ct));
    }

    public IObservable<WatchEvent<T>> Watch(WatchOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return AsyncObservable.Create<WatchEvent<T>>(_connection.Scheduler, (observer, ct) => _connection.WhileOpenAsync(
            async open =>
            {
                var decoders = Decoders();
                using var response = await Requests("watch", decoders).GetAsync(_paths.Watch(options), open).ConfigureAwait(false);
                using var body = await ResponseBody.OpenAsync(response, WatchEvidence.NotesOf(options.Evidence), open)
                    .ConfigureAwait(false);
                var decoder = decoders.For(response);
                observer.OnNext(new WatchEvent<T>.Opened());
                var watched = new WatchedObjects(
                    _held ?? new RetainedObjects(_selection.Limits),
                    options.SendInitialEvents ? new ListedObjects(_selection.Limits) : null);
                await decoder.Format
                    .ReadWatchAsync(
                        body, _selection.Limits.MaxObjectBytes,
                        frame => decoder.DecodeEvents(frame, observer, watched), open)
                    .ConfigureAwait(false);
            },
            ct));
    }

    private KindDecoders<T> Decoders() => _decoders ?? NewDecoders();

    private KindDecoders<T> NewDecoders() => new(
        _kind, _selection.Format == WireFormat.Default ? _connection.Format : _selection.Format, _selection.Limits,
        _connection.Outside);

    private PermittedRequests Requests(string verb, KindDecoders<T> decoders) => new(
        _connection,
        decoders.Accepted with { AcceptsGzip = verb == "list" && _connection.CompressesLists },
        new MissingPermission(verb, _kind.Group, _kind.Plural, _selection.Namespace));
}
