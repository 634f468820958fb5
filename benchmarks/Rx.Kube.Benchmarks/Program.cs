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
        // The in-process toolchain generates no project that must be restored, so it runs without a package source.
        var config = DefaultConfig.Instance.AddJob(Job.Default.WithToolchain(InProcessEmitToolchain.Instance).AsDefault());
        BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args, config);
        return 0;
}
