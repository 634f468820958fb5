using System.Diagnostics;

namespace Rx.Kube.Benchmarks.Peers;

/// <summary>A way to compile the cold start of Rx.Kube.</summary>
/// <param name="Name">The name in the table.</param>
/// <param name="Folder">The folder where <c>benchmarks/Rx.Kube.ColdStart/publish.sh</c> puts it; null for this program itself.</param>
/// <param name="Setting">A setting of the runtime; null for none.</param>
internal sealed record ColdBuild(string Name, string? Folder, string? Setting = null)
{
    /// <summary>Gets this program, which is compiled while it runs.</summary>
    public static ColdBuild Jit { get; } = new("JIT", null);

    /// <summary>Gets the other ways.</summary>
    public static ColdBuild[] Others { get; } =
    [
        new("JIT without tiers", null, "DOTNET_TieredCompilation"),
        new("JIT without a dynamic profile", null, "DOTNET_TieredPGO"),
        new("ReadyToRun", "ready-to-run"),
        new("native code", "native"),
    ];

    /// <summary>Gets why it is not there; null if it is.</summary>
    public string? Missing => Folder is null || File.Exists(Published) ? null
        : "it is not published. To fix: run benchmarks/Rx.Kube.ColdStart/publish.sh";

    private string Published => Path.Combine(ClientGo.Clone, ".cache", "cold-start", Folder!, "Rx.Kube.ColdStart");

    /// <summary>Starts a client.</summary>
    public Process Start(params string[] arguments)
    {
        var start = Folder is not null ? new ProcessStartInfo(Published, arguments)
            : Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet"
                ? new(Environment.ProcessPath!, [typeof(Program).Assembly.Location, "cold", .. arguments])
                : new(Environment.ProcessPath!, ["cold", .. arguments]);
        (start.RedirectStandardInput, start.RedirectStandardOutput) = (true, true);
        if (Setting is not null)
        {
            start.Environment[Setting] = "0";
        }

        return Process.Start(start)!;
    }
}
