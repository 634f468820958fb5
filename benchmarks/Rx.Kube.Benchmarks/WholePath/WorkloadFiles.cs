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

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
