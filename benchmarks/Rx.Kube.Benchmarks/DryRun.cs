using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using BenchmarkDotNet.Attributes;

namespace Rx.Kube.Benchmarks;

/// <summary>
/// Runs every benchmark class and every area of <c>compare</c> once, in this process, on little data, so that none of them breaks
/// unnoticed: <c>dotnet run -c Release -- dry</c>. One that hangs fails with its name.
/// </summary>
internal static class DryRun
{
    // The longest takes a few seconds. What takes so long hangs.
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    /// <summary>Runs everything.</summary>
    /// <returns>Zero; one if something failed, or did not end.</returns>
    public static int Run()
    {
        var failures = 0;
        foreach (var type in typeof(DryRun).Assembly.GetTypes().Where(type => BenchmarksOf(type).Any()).OrderBy(type => type.Name))
        {
            failures += Try(type.Name, at => Run(type, at));
        }

        foreach (var (area, rows) in Comparison.Areas)
        {
            failures += Try($"compare {area}", at =>
            {
                foreach (var row in rows(new CompareOptions(Thoroughness.Dry)))
                {
                    at($"after the row '{row.Workload}'");
                }
            });
        }

        return failures == 0 ? 0 : 1;
    }

    // On a thread of its own, because nothing ends a benchmark that hangs; the others have their turn, and the process ends with them.
    private static int Try(string name, Action<Action<string>> action)
    {
        var (start, at, failure) = (Stopwatch.GetTimestamp(), "", (Exception?)null);
        var thread = new Thread(() =>
        {
            try
            {
                action(now => at = now);
            }
            catch (Exception e)
            {
                failure = e;
            }
        })
        { IsBackground = true };
        thread.Start();
        var ended = thread.Join(Limit);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{name}: {(!ended ? $"FAILED, it hangs: {at}" : failure is null ? "" : $"FAILED: {at}: {failure}")}"
            + $"{(ended && failure is null ? "" : ", ")}{Stopwatch.GetElapsedTime(start).TotalSeconds:0.0} s"));
        return ended && failure is null ? 0 : 1;
    }

    // With the first value of each parameter.
    private static void Run(Type type, Action<string> at)
    {
        var benchmarks = Activator.CreateInstance(type)!;
        foreach (var property in type.GetProperties())
        {
            if (property.GetCustomAttribute<ParamsAttribute>() is { } values)
            {
                property.SetValue(benchmarks, values.Values[0]);
            }
        }

        Invoke(type.GetMethods().Where(method => method.IsDefined(typeof(GlobalSetupAttribute))), benchmarks, at);
        Invoke(BenchmarksOf(type), benchmarks, at);
        Invoke(type.GetMethods().Where(method => method.IsDefined(typeof(GlobalCleanupAttribute))), benchmarks, at);
    }

    private static void Invoke(IEnumerable<MethodInfo> methods, object benchmarks, Action<string> at)
    {
        foreach (var method in methods)
        {
            at(method.Name);
            (method.Invoke(benchmarks, null) as Task)?.GetAwaiter().GetResult();
        }
    }

    private static IEnumerable<MethodInfo> BenchmarksOf(Type type) =>
        type.GetMethods().Where(method => method.IsDefined(typeof(BenchmarkAttribute)));
}
