using System.Diagnostics;

namespace Rx.Kube.Benchmarks.Peers;

/// <summary>Finds and starts the client-go informer of <c>benchmarks/peers/client-go</c>.</summary>
internal static class ClientGo
{
    /// <summary>Gets the folder of the clone, where peers are built; empty if this program runs elsewhere.</summary>
    public static string Clone { get; } = CloneOf(AppContext.BaseDirectory) ?? CloneOf(Environment.CurrentDirectory) ?? "";

    /// <summary>Gets why there is no informer; null if there is one.</summary>
    public static string? Missing => File.Exists(Program) ? null
        : "it is not built. To fix: run benchmarks/peers/client-go/build.sh";

    /// <summary>Gets the formats that the informer asks for.</summary>
    public static IReadOnlyList<string> Formats { get; } = ["json", "protobuf"];

    /// <summary>Gets the formats, if the informer is built; else none.</summary>
    public static IReadOnlyList<string> BuiltFormats => Missing is null ? Formats : [];

    private static string Program => Path.Combine(Clone, ".cache", "client-go", "bin", "client-go");

    /// <summary>Starts the informer. It reads its standard input, so it ends with this process.</summary>
    public static Process Start(params IEnumerable<string> arguments) =>
        Process.Start(new ProcessStartInfo(Program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true })!;

    /// <summary>Encodes a list and events as protobuf.</summary>
    public static void Encode(string list, string events, string outList, string outEvents)
    {
        using var process = Start("encode", "--list", list, "--events", events, "--out-list", outList, "--out-events", outEvents);
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"client-go did not encode {list} and {events}.");
        }
    }

    private static string? CloneOf(string folder)
    {
        var at = new DirectoryInfo(folder);
        while (at is not null && !File.Exists(Path.Combine(at.FullName, "Rx.Kube.sln")))
        {
            at = at.Parent;
        }

        return at?.FullName;
    }
}
