namespace Rx.Kube.Testing.Tests;

/// <summary>An observer without safeguards, which records what it receives and runs an action for each value.</summary>
internal sealed class RawObserver<T>(Action<T>? onNext = null) : IObserver<T>
{
    public List<string> Heard { get; } = [];

    public void OnNext(T value)
    {
        Heard.Add($"{value}");
        onNext?.Invoke(value);
    }

    public void OnError(Exception error) => Heard.Add($"# {error.Message}");

    public void OnCompleted() => Heard.Add("|");
}
