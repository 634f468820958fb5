namespace Rx.Kube.Simulator.Tests;

/// <summary>A test that needs kubectl in the PATH; without it the test is skipped with a reason.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class KubectlFactAttribute : FactAttribute
{
    public KubectlFactAttribute()
    {
        var found = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Any(folder => File.Exists(Path.Combine(folder, "kubectl")) || File.Exists(Path.Combine(folder, "kubectl.exe")));
        Skip = found ? null : "kubectl is not in the PATH: install it from https://kubernetes.io/docs/tasks/tools/";
    }
}
