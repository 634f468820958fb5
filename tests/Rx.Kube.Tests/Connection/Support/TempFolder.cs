using System.Diagnostics;

namespace Rx.Kube.Tests.Connection.Support;

/// <summary>A temporary directory for one test.</summary>
internal sealed class TempFolder : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("rxkube-");

    public string Path => _directory.FullName;

    public string this[string name] => System.IO.Path.Combine(Path, name);

    public string Write(string name, string text)
    {
        var path = this[name];
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    /// <summary>Puts a pipe without a writer in place of a file: opening it to read hangs.</summary>
    public void Pipe(string name)
    {
        File.Delete(this[name]);
        using var made = Process.Start("mkfifo", this[name]);
        made.WaitForExit();
    }

    public void Dispose() => _directory.Delete(recursive: true);
}
