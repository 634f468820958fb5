using System.Globalization;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Rx.Kube.Benchmarks;
using Rx.Kube.Benchmarks.Hostile;
using Rx.Kube.Benchmarks.Peers;
using Rx.Kube.Benchmarks.Transport;

switch (args)
{
    case ["cluster"]:
        ClusterReport.Print();
        return 0;
    case ["fold"]:
        FoldReport.Print();
        return 0;
    case ["rings", .. var algorithms]:
        return RingReport.Print(algorithms);
    case ["hostile", var tool]:
        return await HostileReport.PrintAsync(tool, seconds: 15);
    case ["dry"]:
        return DryRun.Run();
    case ["cold", var client, var folder, var endpoints]:
        return RxKubeCold.Run(ColdClient.Clients[client], folder, endpoints);
    case ["transport-server", var folder, var slices]:
        return await TransportServer.RunAsync(folder, int.Parse(slices, CultureInfo.InvariantCulture));
    case ["transport-client", var slices]:
        return TransportClient.Run(int.Parse(slices, CultureInfo.InvariantCulture));
    case ["profile", var slices, var endpoints, var seconds]:
        return Profile.Run(slices, endpoints, seconds);
    case ["compare", .. var rest]:
        return Comparison.Run(rest);
    default:
        // The in-process toolchain generates no project that must be restored, so it runs without a package source.
        var config = DefaultConfig.Instance.AddJob(Job.Default.WithToolchain(InProcessEmitToolchain.Instance).AsDefault());
        BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args, config);
        return 0;
}
