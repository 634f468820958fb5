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

    public KubeWatchable(KubeConnection connection, ResourceKind<T> kind, ResourceSelection selection)
        : this(connection, kind, selection, RequestPaths.Of(kind, selection), decoders: null)
    {
    }

    private KubeWatchable(
        KubeConnection connection, ResourceKind<T> kind, ResourceSelection selection, RequestPaths paths, KindDecoders<T>? decoders) =>
        (_connection, _kind, _selection, _paths, _decoders) = (connection, kind, selection, paths, decoders);

    public string Name => _kind.ToString();

    public ResourceSelection Selection => _selection;

    public bool StreamsLists => string.IsNullOrEmpty(_selection.LabelSelector) && string.IsNullOrEmpty(_selection.FieldSelector);

    public Func<T, ObjectMeta?>? MetadataOf => _kind.MetadataOf;

    // A request without an answer: it ends as all others do.
    public IObservable<Unit> Disposal => AsyncObservable.Create<Unit>(
        _connection.Scheduler,
        (_, ct) => _connection.WhileOpenAsync(open => new TaskCompletionSource().Task.WaitAsync(open), ct));

    /// <inheritdoc/>
    /// <remarks>Every other subscription has decoders of its own.</remarks>
    public IWatchable<T> ForOneSubscription() =>
        new KubeWatchable<T>(_connection, _kind, _selection, _paths, new KindDecoders<T>(_kind, _connection.Outside));

    public IObservable<WatchEvent<T>.Listed> List(ListOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return AsyncObservable.Create<WatchEvent<T>.Listed>(_connection.Scheduler, (observer, ct) => _connection.WhileOpenAsync(
            async open =>
            {
                var decoders = Decoders();
                var pager = new ListPager<T>(Requests("list", decoders), decoders, _paths, _selection.Limits, _connection.Scheduler);
                observer.OnNext(await pager.ListAsync(options, open).ConfigureAwait(false));
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
                var initial = options.SendInitialEvents ? new InitialEventLimit<T>(_selection.Limits) : null;
                await decoder.Format
                    .ReadWatchAsync(
                        body, _selection.Limits.MaxObjectBytes,
                        frame => decoder.DecodeEvents(frame, observer, initial), open)
                    .ConfigureAwait(false);
            },
            ct));
    }

    private KindDecoders<T> Decoders() => _decoders ?? new KindDecoders<T>(_kind, _connection.Outside);

    private PermittedRequests Requests(string verb, KindDecoders<T> decoders) => new(
        _connection, decoders.Accepted, new MissingPermission(verb, _kind.Group, _kind.Plural, _selection.Namespace));
}
