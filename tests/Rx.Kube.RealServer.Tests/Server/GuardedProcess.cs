using System.Diagnostics;

namespace Rx.Kube.RealServer.Tests.Server;

/// <summary>
/// Runs a server process that is killed with KILL by Dispose, and also when the test process dies: a shell between the two
/// waits on a pipe that only the test process holds. (A parent-death signal does not work: Linux sends it when the starting
/// thread ends, and pool threads end.)
/// </summary>
public sealed class GuardedProcess : IDisposable
{
    private const string Guard =
        """
        log=$1; shift
        exec 3<&0
        "$@" </dev/null 3<&- >>"$log" 2>&1 &
        child=$!
        ( read -r _ <&3; kill -KILL "$child" ) >/dev/null 2>&1 &
        guard=$!
        exec 3<&-
        wait "$child"; code=$?
        kill -KILL "$guard" 2>/dev/null
        exit "$code"
        """;

    private readonly Process _shell;
    private readonly string _name;
    private readonly string _log;

    private GuardedProcess(Process shell, string name, string log) => (_shell, _name, _log) = (shell, name, log);

    public bool HasExited => _shell.HasExited;

    public static GuardedProcess Start(string log, string program, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo("/bin/sh") { RedirectStandardInput = true, UseShellExecute = false };
        foreach (var argument in (IEnumerable<string>)["-c", Guard, "guard", log, program, .. arguments])
        {
            start.ArgumentList.Add(argument);
        }

        return new(Process.Start(start)!, Path.GetFileName(program), log);
    }

    /// <summary>Gets the last lines of the log, for an error message.</summary>
    public string Log()
    {
        var lines = File.Exists(_log) ? File.ReadAllLines(_log) : [];
        return $"--- {_name} ({(HasExited ? $"exit code {_shell.ExitCode}" : "running")}), last lines of its log:\n"
            + string.Join('\n', lines.TakeLast(25));
    }

    /// <summary>Kills the process with KILL and waits for its end.</summary>
    public void Dispose()
    {
        _shell.StandardInput.Close();
        _shell.WaitForExit();
        _shell.Dispose();
    }
}
