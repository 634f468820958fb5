using System.Diagnostics;

namespace Rx.Kube.Hosting.Tests;

/// <summary>The file with the labels of a pod: it may be anything, and the host starts nevertheless.</summary>
public sealed class PodLabelsFileTests : IDisposable
{
    private const string Zone = "topology.kubernetes.io/zone=\"eu-1\"\n";
    private const int MaxBytes = 4 << 20;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("rxkube-labels-");

    private string Labels => Path.Combine(_folder.FullName, "labels");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData(MaxBytes - 1, "eu-1")]
    [InlineData(MaxBytes, "eu-1")]
    [InlineData(MaxBytes + 1, null)]
    public async Task The_bytes_of_the_file_are_limited(int bytes, string? zone)
    {
        await File.WriteAllTextAsync(Labels, Zone.PadRight(bytes, 'x')); // one long line after it

        Assert.Equal(zone, PodLabelsFile.ZoneIn(Labels));
    }

    [Fact]
    public void A_line_without_an_end_is_not_kept()
    {
        var before = GC.GetTotalAllocatedBytes();

        Assert.Null(PodLabelsFile.ZoneIn("/dev/zero"));

        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, 128 * MaxBytes); // other tests run, too
    }

    [Fact]
    public async Task A_pipe_that_is_written_in_time_is_read_and_one_without_a_writer_does_not_stop_the_start()
    {
        Pipe();
        var writing = Task.Factory.StartNew(() => File.WriteAllText(Labels, Zone), TaskCreationOptions.LongRunning);
        Assert.Equal("eu-1", PodLabelsFile.ZoneIn(Labels, new() { MaxFileTime = TimeSpan.FromSeconds(10) }));
        await writing;

        var waited = Stopwatch.StartNew();
        var soon = new ConnectionLimits { MaxFileTime = TimeSpan.FromMilliseconds(200) };
        Assert.Null(await Task.Run(() => PodLabelsFile.ZoneIn(Labels, soon)).WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.InRange(waited.ElapsedMilliseconds, 150, 30_000);
    }

    private void Pipe()
    {
        using var made = Process.Start("mkfifo", Labels);
        made.WaitForExit();
    }
}
