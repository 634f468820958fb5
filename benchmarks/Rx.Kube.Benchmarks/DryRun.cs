using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using BenchmarkDotNet.Attributes;

namespace Rx.Kube.Benchmarks;

/// <summary>
/// Runs every benchmark class and every area of <c>compare</c> once, in this process, on little data, so that none of them breaks
/// unnoticed: <c>dotnet run -c Release -- dry</c>.
/// </summary>
internal static class DryRun
{
    /// <summary>Runs everything.</summary>
    /// <returns>Zero; one if something failed.</returns>
    public static int Run()
    {
        var failures = 0;
        foreach (var type in typeof(DryRun).Assembly.GetTypes().Where(type => BenchmarksOf(type).Any()).OrderBy(type => type.Name))
        {
            failures += Try(type.Name, () => Run(type));
        }

        foreach (var (area, rows) in Comparison.Areas)
        {
            failures += Try($"compare {area}", () => _ = rows(new CompareOptions(Thoroughness.Dry)).Count());
        }

        return failures == 0 ? 0 : 1;
    }

    private static int Try(string name, Action action)
    {
        var start = Stopwatch.GetTimestamp();
        try
        {
            action();
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{name}: {Stopwatch.GetElapsedTime(start).TotalSeconds:0.0} s"));
            return 0;
        }
        catch (Exception e)
        {
            Console.WriteLine($"{name}: FAILED: {e}");
            return 1;
        }
    }

    // With the first value of each parameter.
    private static void Run(Type type)
    {
        var benchmarks = Activator.CreateInstance(type)!;
        foreach (var property in type.GetProperties())
        {
            if (property.GetCustomAttribute<ParamsAttribute>() is { } values)
            {
                property.SetValue(benchmarks, values.Values[0]);
            }
        }

        Invoke(type.GetMethods().Where(method => method.IsDefined(typeof(GlobalSetupAttribute))), benchmarks);
        Invoke(BenchmarksOf(type), benchmarks);
        Invoke(type.GetMethods().Where(method => method.IsDefined(typeof(GlobalCleanupAttribute))), benchmarks);
    }

    private static void Invoke(IEnumerable<MethodInfo> methods, object benchmarks)
    {
        foreach (var method in methods)
        {
            (method.Invoke(benchmarks, null) as Task)?.GetAwaiter().GetResult();
        }
    }

    private static IEnumerable<MethodInfo> BenchmarksOf(Type type) =>
        type.GetMethods().Where(method => method.IsDefined(typeof(BenchmarkAttribute)));
}
