using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Rx.Kube.Benchmarks;

switch (args)
{
    case ["cluster"]:
        ClusterReport.Print();
        return 0;
    case ["rings", .. var algorithms]:
        return RingReport.Print(algorithms);
    case ["compare", .. var rest]:
        return Comparison.Run(rest);
    default:
        // In this process: no generated project that would have to restore packages, so it also runs without a package source.
        var config = DefaultConfig.Instance.AddJob(Job.Default.WithToolchain(InProcessEmitToolchain.Instance).AsDefault());
        BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args, config);
        return 0;
}
