using System.Diagnostics;
using System.Globalization;
using Rx.Kube.Fuzz;

const int WarmUp = 100_000;
const int Lap = 10_000_000;
const long MaxGrowth = 8 << 20;
const double GoalOfAMillion = 60; // seconds

ulong seed = 1;
long inputs = 1_000_000;
long? only = null;
long first = 0;
double? within = null;
var workers = Environment.ProcessorCount;
for (var i = 0; i + 1 < args.Length; i += 2)
{
    var value = args[i + 1];
    switch (args[i])
    {
        case "--seed":
            seed = ulong.Parse(value, CultureInfo.InvariantCulture);
            break;
        case "--inputs":
            inputs = long.Parse(value, CultureInfo.InvariantCulture);
            break;
        case "--from":
            first = long.Parse(value, CultureInfo.InvariantCulture);
            break;
        case "--only":
            only = long.Parse(value, CultureInfo.InvariantCulture);
            break;
        case "--within":
            within = double.Parse(value, CultureInfo.InvariantCulture);
            break;
        case "--workers":
            workers = int.Parse(value, CultureInfo.InvariantCulture);
            break;
        default:
            Console.Error.WriteLine("usage: [--seed S] [--from FIRST] [--inputs N] [--only INPUT] [--workers N] [--within SECONDS]");
            return 2;
    }
}

if (only is { } one)
{
    (workers, first, inputs) = (1, one, one + 1);
}

var clock = Stopwatch.StartNew();
var fuzzer = new Fuzzer(seed, workers);
var start = first / Block.Size * Block.Size;

// The first inputs fill caches and compile methods: growth is what comes after them.
var warm = Math.Min(inputs, start + WarmUp);
fuzzer.Run(start, warm, Hang);
var before = GC.GetTotalMemory(forceFullCollection: true);
var end = warm;
while (end < inputs && fuzzer.Failures.Count == 0)
{
    if (end > warm)
    {
        Console.WriteLine($"{end - start} inputs in {clock.Elapsed.TotalMinutes:0} min");
    }

    var from = end;
    end = Math.Min(inputs, from + Lap);
    fuzzer.Run(from, end, Hang);
}

var elapsed = clock.Elapsed;
var growth = GC.GetTotalMemory(forceFullCollection: true) - before;

foreach (var (name, total) in fuzzer.Totals.OrderByDescending(t => t.Value.Time))
{
    Console.WriteLine(
        $"{name,-12}{total.Inputs,10} inputs{total.Bytes / total.Inputs,8} bytes each{total.Inputs / total.Time.TotalSeconds,10:0} a second"
        + $"{total.Allocated / total.Inputs,10} bytes allocated each; "
        + $"at most {total.Longest.TotalMilliseconds,5:0.0} ms, {total.Most / 1024,6} KiB");
}

foreach (var failure in fuzzer.Failures)
{
    Console.WriteLine(failure.Report());
}

Console.WriteLine(
    $"seed {seed}: {end - start} inputs in {elapsed.TotalSeconds:0.0} s on {workers} threads "
    + $"(the goal is {GoalOfAMillion * (end - start) / 1_000_000:0.#} s), "
    + $"{growth / 1024} KiB more memory after a GC, {fuzzer.Failures.Count} failed");
if (growth > MaxGrowth)
{
    Console.WriteLine($"FAILED: memory has grown by {growth} bytes since input {warm}");
    return 1;
}

if (elapsed.TotalSeconds > within)
{
    Console.WriteLine($"FAILED: {end - start} inputs took {elapsed.TotalSeconds:0.0} s, longer than {within:0.#} s (--within)");
    return 1;
}

return fuzzer.Failures.Count > 0 ? 1 : 0;

void Hang(long number)
{
    Console.WriteLine(
        $"FAILED: input {number} does not end. "
        + $"To repeat: dotnet run -c Release --project tests/Rx.Kube.Fuzz -- --seed {seed} --only {number}");
    Environment.Exit(1);
}
