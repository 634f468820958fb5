using System.Diagnostics;
using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Rx.Kube.Simulator;
using Rx.Kube.Testing;

namespace Rx.Kube.Tests.Docs;

/// <summary>The C# of the README, pasted together in its order, is a program: compiled, and run in its own process.</summary>
public sealed class ReadmeProgramTests
{
    private const string GlobalUsings =
        "global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq; "
        + "global using System.Net.Http; global using System.Threading; global using System.Threading.Tasks;";

    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);
    private static readonly string[] _packages = ["Rx.Kube.dll", "Rx.Kube.Hashing.dll", "System.Reactive.dll", "YamlDotNet.dll"];

    [Fact]
    public async Task Pasted_together_it_prints_members_staleness_an_owner_and_ranges_until_Ctrl_C()
    {
        if (OperatingSystem.IsWindows())
        {
            return; // there is no kill -INT
        }

        using var folder = new Connection.Support.TempFolder();
        var program = Compile(folder.Path);
        await using var server = await ApiServerSimulator.StartAsync();
        var slice = Slice.Of("cache-abc", "cache", @namespace: "prod").With("cache-0", "10.0.0.1").With("cache-1", "10.0.0.2");
        server.Cluster.Apply(slice.Manifest());
        using var process = Start(program, Kubeconfig(folder.Path, server.Url));

        Assert.Equal("live, Ready: cache-0, cache-1", await LineAsync(process));
        Assert.Matches("^fetch .* from cache-1$", await LineAsync(process, "fetch"));
        Assert.Matches("^user-42 belongs to cache-[01]$", await LineAsync(process, "user-42"));
        server.Cluster.Apply(slice.With("cache-2", "10.0.0.3").With("cache-3", "10.0.0.4").Manifest());
        Assert.Equal("live, Ready: cache-0, cache-1, cache-2, cache-3", await LineAsync(process, "live"));
        Assert.StartsWith("drop ", await LineAsync(process, "drop"), StringComparison.Ordinal);
        server.Offline = true;
        Assert.Equal("stale, Ready: cache-0, cache-1, cache-2, cache-3", await LineAsync(process, "stale"));
        server.Offline = false;
        await LineAsync(process, "live");

        var rest = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        using var kill = Process.Start("kill", ["-s", "INT", process.Id.ToString(CultureInfo.InvariantCulture)]);
        await process.WaitForExitAsync().WaitAsync(_patience);
        Assert.Equal(0, process.ExitCode);
        Assert.Matches(
            "^connecting to http://[^\n]*, from context \"here\" in [^\n]*\nthe credentials of user \"me\" [^\n]* are not sent, [^\n]*\n$",
            (await errors).ReplaceLineEndings("\n"));
        await rest;
    }

    [Fact]
    public async Task What_a_login_plugin_asks_the_user_to_do_is_seen_while_the_program_waits_for_it()
    {
        if (OperatingSystem.IsWindows())
        {
            return; // there is no sh
        }

        using var folder = new Connection.Support.TempFolder();
        var program = Compile(folder.Path);
        var config = folder.Write("config", """
            current-context: here
            contexts: [{name: here, context: {cluster: here, user: me}}]
            clusters: [{name: here, cluster: {server: "https://127.0.0.1:1"}}]
            users:
            - name: me
              user:
                exec:
                  apiVersion: client.authentication.k8s.io/v1
                  command: sh
                  args: [-c, "echo 'open https://x and enter ABCD' >&2; exec sleep 100"]
            """);
        using var process = Start(program, config);

        Assert.StartsWith("connecting to https://127.0.0.1:1", await ErrorAsync(process), StringComparison.Ordinal);
        Assert.Contains("open https://x and enter ABCD", await ErrorAsync(process), StringComparison.Ordinal);
        Assert.StartsWith("The exec plugin \"sh\" of user \"me\"", await ErrorAsync(process), StringComparison.Ordinal);
        process.Kill(entireProcessTree: true);
    }

    [Fact]
    public async Task Without_a_permission_it_ends_with_the_Role_that_grants_it()
    {
        using var folder = new Connection.Support.TempFolder();
        var program = Compile(folder.Path);
        await using var server = await ApiServerSimulator.StartAsync(new()
        {
            Tokens = new Dictionary<string, SimulatedUser> { ["any"] = new("me", SimulatedAccess.None) },
            // Over http, the program sends no credentials.
            Intercept = (context, serve) =>
            {
                context.Request.Headers.Authorization = "Bearer any";
                return serve();
            },
        });
        using var process = Start(program, Kubeconfig(folder.Path, server.Url));

        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(_patience);
        Assert.Contains("kind: Role", await errors, StringComparison.Ordinal);
        Assert.DoesNotContain("\n   at ", await errors, StringComparison.Ordinal);
        Assert.Equal(1, process.ExitCode);
    }

    private static string Compile(string folder)
    {
        var blocks = Markdown.NamedBlocks("README.md", "csharp").ToList();
        Assert.Equal(["readme", "readme-ring", "readme-end"], blocks.Select(b => b.Name));
        var options = CSharpParseOptions.Default.WithLanguageVersion(LanguageVersion.Preview);
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => !Path.GetFileName(path).StartsWith("Rx.Kube.Tests", StringComparison.Ordinal))
            .Select(path => MetadataReference.CreateFromFile(path));
        var compilation = CSharpCompilation.Create(
            "Program",
            [
                CSharpSyntaxTree.ParseText(GlobalUsings, options),
                CSharpSyntaxTree.ParseText(string.Concat(blocks.Select(b => b.Body)), options, "README.md"),
            ],
            references,
            new CSharpCompilationOptions(
                OutputKind.ConsoleApplication, nullableContextOptions: NullableContextOptions.Enable,
                specificDiagnosticOptions: [new("CS1701", ReportDiagnostic.Suppress)])); // a package of an older .NET, as in every project
        var path = Path.Combine(folder, "Program.dll");
        var result = compilation.Emit(path);
        Assert.Equal([], result.Diagnostics.Where(d => d.Severity > DiagnosticSeverity.Info).Select(d => d.ToString()));
        foreach (var package in _packages)
        {
            File.Copy(Path.Combine(AppContext.BaseDirectory, package), Path.Combine(folder, package));
        }

        File.Copy(
            Path.Combine(AppContext.BaseDirectory, "Rx.Kube.Tests.runtimeconfig.json"), Path.Combine(folder, "Program.runtimeconfig.json"));
        return path;
    }

    private static string Kubeconfig(string folder, Uri server)
    {
        var path = Path.Combine(folder, "config");
        File.WriteAllText(
            path,
            $$$"""
            apiVersion: v1
            kind: Config
            current-context: here
            contexts: [{name: here, context: {cluster: here, user: me}}]
            clusters: [{name: here, cluster: {server: "{{{server}}}"}}]
            users: [{name: me, user: {token: any}}]
            """);
        return path;
    }

    private static Process Start(string program, string kubeconfig)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            ArgumentList = { program },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["KUBECONFIG"] = kubeconfig, ["NO_PROXY"] = "127.0.0.1" },
        };
        start.Environment.Remove("KUBERNETES_SERVICE_HOST");
        return Process.Start(start)!;
    }

    private static async Task<string?> ErrorAsync(Process process) =>
        await process.StandardError.ReadLineAsync().WaitAsync(_patience);

    private static async Task<string> LineAsync(Process process, string start = "")
    {
        while (true)
        {
            var line = await process.StandardOutput.ReadLineAsync().WaitAsync(_patience)
                ?? throw new InvalidOperationException($"The program ended: {await process.StandardError.ReadToEndAsync()}");
            if (line.StartsWith(start, StringComparison.Ordinal))
            {
                return line;
            }
        }
    }
}
