using System.Collections.Concurrent;

namespace Rx.Kube.Tests.Connection.Echoes;

/// <summary>Every text that an application can get from what the library tells it.</summary>
internal sealed class Heard
{
    private readonly ConcurrentQueue<string> _texts = new();

    public IReadOnlyCollection<string> Texts => _texts;

    public void Add(string? text) => _texts.Enqueue(text ?? "");

    public void Add(Exception? error)
    {
        for (; error is not null; error = error.InnerException)
        {
            Add(error.Message);
            Add(error.ToString());
            if (error is KubeStatusException { Status: var status })
            {
                Add(status.ToString());
                Add(status.Message);
                Add(status.Reason);
                status.Causes.ToList().ForEach(Add);
            }

            if (error is KubeForbiddenException { Permission: var permission })
            {
                Add($"{permission} {permission.User}");
                Add(permission.ToManifest());
            }
        }
    }

    public void Add<T>(WatchEvent<T> happened)
    {
        Add(happened.ToString());
        Add(happened.VersionReached);
        switch (happened)
        {
            case WatchEvent<T>.Listed list:
                list.SkippedItems.ToList().ForEach(Add);
                break;
            case WatchEvent<T>.Skipped skipped:
                Add(skipped.Object);
                break;
            case WatchEvent<T>.Interrupted { Interruption: var interruption }:
                Add(interruption.ToString());
                Add(interruption.Message);
                Add(interruption.Error);
                Add(new Freshness.Stale(interruption).ToString());
                Add(new FirstSyncTimeoutException(TimeSpan.FromSeconds(1), interruption));
                break;
        }
    }

    private void Add(SkippedObject skipped)
    {
        Add(skipped.ToString());
        Add(skipped.Namespace);
        Add(skipped.Name);
        Add(skipped.ResourceVersion);
        Add(skipped.Reason);
    }
}
