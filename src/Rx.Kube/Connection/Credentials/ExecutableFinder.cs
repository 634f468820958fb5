namespace Rx.Kube;

/// <summary>
/// Finds a program in PATH only. Process.Start also searches the current directory, where another user may have put a file of the same
/// name.
/// </summary>
internal static class ExecutableFinder
{
    private static readonly string[] _suffixes = OperatingSystem.IsWindows() ? ["", ".exe", ".com"] : [""];

    public static string? Find(string command, string? searchPath)
    {
        if (Path.IsPathFullyQualified(command))
        {
            return Existing(command);
        }

        return (searchPath ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Where(Path.IsPathFullyQualified)
            .Select(directory => Existing(Path.Combine(directory, command)))
            .FirstOrDefault(path => path is not null);
    }

    private static string? Existing(string path) =>
        _suffixes.Select(suffix => path + suffix).FirstOrDefault(IsExecutable);

    private static bool IsExecutable(string path)
    {
        const UnixFileMode Any = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        return File.Exists(path) && (OperatingSystem.IsWindows() || (File.GetUnixFileMode(path) & Any) != 0);
    }
}
