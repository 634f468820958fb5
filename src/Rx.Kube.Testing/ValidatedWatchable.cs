namespace Rx.Kube.Testing;

internal sealed class ValidatedWatchable<T>(IWatchable<T> source, GrammarLog log) : IWatchable<T>
{
    public IObservable<WatchEvent<T>.Listed> List(ListOptions options) => source.List(options).ValidateGrammar(log, "the list");

    public IObservable<WatchEvent<T>> Watch(WatchOptions options) =>
        source.Watch(options).ValidateGrammar(log, $"the watch from {options.FromVersion}");
}
