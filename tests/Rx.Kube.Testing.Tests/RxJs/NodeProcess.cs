using System.ComponentModel;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Rx.Kube.Testing.Tests.RxJs;

/// <summary>A question to RxJS; null properties are left out.</summary>
internal sealed record Question(
    string Kind, string? Marbles = null, string? Cold = null, string? Hot = null, string? Error = null, string[]? Subscriptions = null);

/// <summary>RxJS in a process of node; installed once, into the clone's .cache folder.</summary>
internal static class NodeProcess
{
    private static readonly JsonSerializerOptions _json =
        new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    private static readonly string _root = FindRoot();
    private static readonly string _source = Path.Combine(_root, "tests", "Rx.Kube.Testing.Tests", "RxJs");
    private static readonly string _lock = Path.Combine(_source, "package-lock.json");
    private static readonly string _installed = Path.Combine(
        _root, ".cache", "rxjs-" + Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(_lock)))[..12]);

    private static readonly Lazy<string?> _missing = new(Install);

    /// <summary>The reason why RxJS is not available; null if it is.</summary>
    public static string? Missing => _missing.Value;

    /// <summary>On CI a missing tool is a failure, never a skip.</summary>
    public static bool IsRequired { get; } =
        string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.OrdinalIgnoreCase);

    /// <summary>Asks all questions at once.</summary>
    public static string[] Ask(IReadOnlyCollection<Question> questions)
    {
        Assert.True(Missing is null, Missing);
        var (code, output, error) = Run(
            "node", [Path.Combine(_source, "rxjs.cjs")], _source, JsonSerializer.Serialize(questions, _json));
        Assert.True(code == 0, $"node ended with {code}: {error}");
        var answers = JsonSerializer.Deserialize<string[]>(output)!;
        Assert.Equal(questions.Count, answers.Length);
        return answers;
    }

    /// <summary>Installs into a folder of its own and moves it, so that another process finds all of it or nothing.</summary>
    private static string? Install()
    {
        if (Directory.Exists(_installed))
        {
            return Has("node") ? null : "RxJS needs node, which is not in the PATH";
        }

        if (!Has("node") || !Has("npm"))
        {
            return "RxJS needs node and npm, which are not in the PATH";
        }

        var work = $"{_installed}.{Environment.ProcessId}";
        try
        {
            Directory.CreateDirectory(work);
            File.Copy(_lock, Path.Combine(work, "package-lock.json"));
            File.Copy(Path.Combine(_source, "package.json"), Path.Combine(work, "package.json"));
            var (code, _, error) = Run(
                OperatingSystem.IsWindows() ? "npm.cmd" : "npm",
                ["ci", "--no-audit", "--no-fund", "--ignore-scripts", "--fetch-retries=1", "--fetch-retry-mintimeout=1000"], work);
            if (code != 0)
            {
                return $"npm ci could not install RxJS: {error.Trim()}";
            }

            Directory.Move(work, _installed);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Directory.Exists(_installed) ? null : $"RxJS could not be installed: {e.Message}";
        }
        finally
        {
            if (Directory.Exists(work))
            {
                Directory.Delete(work, recursive: true);
            }
        }
    }

    private static bool Has(string program)
    {
        try
        {
            return Run(OperatingSystem.IsWindows() && program == "npm" ? "npm.cmd" : program, ["--version"], _root).Code == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }

    private static (int Code, string Output, string Error) Run(string program, string[] arguments, string folder, string input = "")
    {
        using var process = new Process
        {
            StartInfo = new(program, arguments)
            {
                WorkingDirectory = folder,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                StandardOutputEncoding = Encoding.UTF8,
                RedirectStandardError = true,
                Environment = { ["NODE_PATH"] = Path.Combine(_installed, "node_modules") },
            },
        };
        process.Start();
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        using (var stdin = new StreamWriter(process.StandardInput.BaseStream))
        {
            stdin.Write(input);
        }

        if (!process.WaitForExit(TimeSpan.FromMinutes(1)))
        {
            process.Kill(entireProcessTree: true);
            return (-1, "", $"{program} was still running after a minute");
        }

        return (process.ExitCode, output.GetAwaiter().GetResult(), error.GetAwaiter().GetResult());
    }

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Rx.Kube.sln")))
        {
            folder = Path.GetDirectoryName(folder)
                ?? throw new InvalidOperationException($"Rx.Kube.sln is in no folder above {AppContext.BaseDirectory}");
        }

        return folder;
    }
}
