namespace Rx.Kube.Cli.Tests.Completing;

/// <summary>A test in a real shell. It is skipped where the shell is not installed; <c>.ci/run</c> installs all of them.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ShellFactAttribute : FactAttribute
{
    /// <param name="shell">The name of the program.</param>
    public ShellFactAttribute(string shell)
    {
        var folders = Environment.GetEnvironmentVariable("PATH")?.Split(Path.PathSeparator) ?? [];
        var isInstalled = folders.Any(folder => File.Exists(Path.Combine(folder, shell + (OperatingSystem.IsWindows() ? ".exe" : ""))));
        Skip = isInstalled ? null : $"There is no {shell}. To fix: {Install(shell)}.";
    }

    private static string Install(string shell) =>
        shell == "pwsh" ? "dotnet tool install --global PowerShell" : $"install the package {shell}";
}
