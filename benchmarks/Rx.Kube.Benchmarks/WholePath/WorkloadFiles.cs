using Rx.Kube.Benchmarks.Peers;

namespace Rx.Kube.Benchmarks.WholePath;

/// <summary>A workload in files of a temporary folder, for another process.</summary>
internal sealed class WorkloadFiles : IDisposable
{
    public WorkloadFiles(SliceWorkload workload)
    {
        CannedList.Of(workload).Write(Folder, workload.Slices);
        File.WriteAllBytes(Events, workload.Stream);
    }

    /// <summary>Gets the folder, for <see cref="CannedList.Read"/>.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("rxkube-compare-").FullName;

    /// <summary>Gets the path of the list, as JSON.</summary>
    public string List => Path.Combine(Folder, "list.json");

    /// <summary>Gets the path of the events, as lines of JSON.</summary>
    public string Events => Path.Combine(Folder, "events.txt");

    /// <summary>Writes everything once more, encoded as protobuf by client-go, to a folder of its own.</summary>
    /// <returns>The path of the events; the bodies of the list are beside it, for <see cref="CannedList.Read"/>.</returns>
    public string EncodeAsProtobuf()
    {
        var folder = Directory.CreateDirectory(Path.Combine(Folder, "protobuf")).FullName;
        var initial = Path.Combine(Folder, "initial.json");
        foreach (var page in Directory.GetFiles(Folder, "*.json").Where(file => file != initial))
        {
            ClientGo.Encode(page, initial, Path.Combine(folder, Path.GetFileName(page)), Path.Combine(folder, "initial.json"));
        }

        var events = Path.Combine(folder, "events.txt");
        ClientGo.Encode(List, Events, Path.Combine(folder, "list.json"), events);
        return events;
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
