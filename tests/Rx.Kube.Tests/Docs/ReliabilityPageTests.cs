using System.Globalization;
using System.Text.RegularExpressions;
using Rx.Kube.Simulator;
using Rx.Kube.Testing;

namespace Rx.Kube.Tests.Docs;

/// <summary>docs/reliability.md: its limits are those of the code, and its tests exist.</summary>
public partial class ReliabilityPageTests
{
    private const string Page = "docs/reliability.md";

    private static readonly Dictionary<string, string> _limits = new()
    {
        ["WireLimits.MaxObjectBytes"] = Bytes(WireLimits.Default.MaxObjectBytes),
        ["WireLimits.MaxPageBytes"] = Bytes(WireLimits.Default.MaxPageBytes),
        ["WireLimits.MaxRetainedBytes"] = Bytes(WireLimits.Default.MaxRetainedBytes),
        ["WireLimits.MaxItems"] = Number(WireLimits.Default.MaxItems),
        ["WireLimits.MaxPages"] = Number(WireLimits.Default.MaxPages),
        ["WireLimits.MaxListTime"] = Time(WireLimits.Default.MaxListTime),
        ["WireLimits.MaxPageTime"] = Time(WireLimits.Default.MaxPageTime),
        ["KubeConnectionOptions.ResponseTimeout"] = Time(new KubeConnectionOptions().ResponseTimeout),
        ["WireLimits.EmptyPagesAtOnce"] = Number(WireLimits.Default.EmptyPagesAtOnce),
        ["WireLimits.MaxContinueLength"] = Number(WireLimits.Default.MaxContinueLength),
        ["WireLimits.MaxVersionLength"] = Number(WireLimits.Default.MaxVersionLength),
        ["WireJson.MaxDepth"] = Number(WireJson.MaxDepth),
        ["WireLimits.MaxObjectDepth"] = Number(WireLimits.Default.MaxObjectDepth),
        ["WireLimits.MaxLabels"] = Number(WireLimits.Default.MaxLabels),
        ["TopologyLimits.MaxPortSets"] = Number(TopologyLimits.Default.MaxPortSets),
        ["TopologyLimits.MaxPortsApart"] = Number(TopologyLimits.Default.MaxPortsApart),
        ["ReplacementLog.Most"] = Number(ReplacementLog.Most),
        ["TopologyLimits.MaxHeldMembers"] = Number(TopologyLimits.Default.MaxHeldMembers),
        ["ConnectionLimits.MaxHeaderBytes"] = Bytes(ConnectionLimits.Default.MaxHeaderBytes),
        ["ConnectionLimits.MaxAnswerBytes"] = Bytes(ConnectionLimits.Default.MaxAnswerBytes),
        ["KubeStatusReader.MaxMessage"] = Number(KubeStatusReader.MaxMessage),
        ["KubeStatusReader.MaxReason"] = Number(KubeStatusReader.MaxReason),
        ["KubeStatusReader.MaxCauses"] = Number(KubeStatusReader.MaxCauses),
        ["KubeStatusReader.MaxDepth"] = Number(KubeStatusReader.MaxDepth),
        ["KubeStatusReader.MaxPlainText"] = Number(KubeStatusReader.MaxPlainText),
        ["ResumeOptions.MaxRetryAfter"] = Time(ResumeOptions.Default.MaxRetryAfter),
        ["KubeStatusReader.MaxRetryAfter"] = Time(KubeStatusReader.MaxRetryAfter),
        ["StatusErrors.MaxWords"] = Number(StatusErrors.MaxWords),
        ["OutsideText.MaxInput"] = Number(OutsideText.MaxInput),
        ["OutsideText.MaxMessage"] = Number(OutsideText.MaxMessage),
        ["EventDecoder.MaxName"] = Number(EventDecoder<string>.MaxName),
        ["EventDecoder.MaxReason"] = Number(EventDecoder<string>.MaxReason),
        ["Notices.MaxMessage"] = Number(Notices.MaxMessage),
        ["SecretPieces.Shortest"] = Number(SecretPieces.Shortest),
        ["SecretPieces.Length"] = Number(SecretPieces.Length),
        ["OutsideText.MaxSecrets"] = Number(OutsideText.MaxSecrets),
        ["OutsideText.MaxSecretLength"] = Number(OutsideText.MaxSecretLength),
        ["ConnectionLimits.MaxAddresses"] = Number(ConnectionLimits.Default.MaxAddresses),
        ["ConnectionLimits.MaxFileBytes"] = Bytes(ConnectionLimits.Default.MaxFileBytes),
        ["ConnectionLimits.MaxFileTime"] = Time(ConnectionLimits.Default.MaxFileTime),
        ["ConnectionLimits.MaxKubeconfigTime"] = Time(ConnectionLimits.Default.MaxKubeconfigTime),
        ["ConnectionLimits.MaxFileThreads"] = Number(ConnectionLimits.Default.MaxFileThreads),
        ["ConnectionLimits.MaxKubeconfigDepth"] = Number(ConnectionLimits.Default.MaxKubeconfigDepth),
        ["ConnectionLimits.MaxKubeconfigNodes"] = Number(ConnectionLimits.Default.MaxKubeconfigNodes),
        ["ConnectionLimits.MaxPluginBytes"] = Bytes(ConnectionLimits.Default.MaxPluginBytes),
        ["ConnectionLimits.MaxPluginDepth"] = Number(ConnectionLimits.Default.MaxPluginDepth),
        ["ConnectionLimits.MaxPluginDelay"] = Time(ConnectionLimits.Default.MaxPluginDelay),
        ["ConnectionLimits.MaxPluginErrorLines"] = Number(ConnectionLimits.Default.MaxPluginErrorLines),
        ["PluginErrorLines.MaxLine"] = Number(PluginErrorLines.MaxLine),
        ["ConnectionLimits.MaxProxyHeadBytes"] = Bytes(ConnectionLimits.Default.MaxProxyHeadBytes),
        ["SelfReviewAnswer.MaxGroups"] = Number(SelfReviewAnswer.MaxGroups),
        ["ResumeOptions.MaxAuditedObjects"] = Number(ResumeOptions.Default.MaxAuditedObjects),
        ["HeldObjects.MostNoted"] = Number(new HeldObjects<string>(_ => null, ResumeOptions.Default.MaxAuditedObjects).MostNoted),
        ["CertificateStrength.MinRsaBits"] = Number(CertificateStrength.MinRsaBits),
        ["CertificateStrength.MinEllipticBits"] = Number(CertificateStrength.MinEllipticBits),
        ["Printable.MaxMarks"] = Number(Printable.MaxMarks),
        ["RecordingFormat.MaxEnvelope"] = Bytes(RecordingFormat.MaxEnvelope),
        ["RecordingFormat.MaxDepth"] = Number(RecordingFormat.MaxDepth),
        ["RecordingFormat.MaxText"] = Number(RecordingFormat.MaxText),
        ["RecordingFormat.Longest"] = $"{Number((int)RecordingFormat.Longest.TotalDays)} days",

        // Of a package that is tested elsewhere: RingPageStateTests compares these with the code.
        ["RingPageOptions.MaxStreams"] = "64",
        ["RingPageOptions.FrameInterval"] = "four a second",
        ["RingPageOptions.MaxChanges"] = "1,000",
        ["RingPageOptions.MaxMembers"] = "100,000",
        ["RingPageOptions.MaxKeyLength"] = "1,024",
        ["SimulatorOptions.MaxBodyBytes"] = Bytes(new SimulatorOptions().MaxBodyBytes),
        ["SimulatorOptions.MaxBodyValues"] = Number(new SimulatorOptions().MaxBodyValues),
        ["SimulatorOptions.MaxBodyDepth"] = Number(new SimulatorOptions().MaxBodyDepth),
        ["SimulatorOptions.MaxPatchOperations"] = Number(new SimulatorOptions().MaxPatchOperations),
        ["SimulatorOptions.MaxPatchCopyBytes"] = Bytes(new SimulatorOptions().MaxPatchCopyBytes),
        ["SimulatorOptions.MaxPatchSteps"] = Number(new SimulatorOptions().MaxPatchSteps),
        ["SimulatorOptions.MaxObjectBytes"] = Bytes(new SimulatorOptions().MaxObjectBytes),
        ["SimulatorOptions.MaxObjects"] = Number(new SimulatorOptions().MaxObjects),
        ["SimulatorOptions.MaxStoredBytes"] = Bytes(new SimulatorOptions().MaxStoredBytes),
        ["SimulatorOptions.MaxWatchBytes"] = Bytes(new SimulatorOptions().MaxWatchBytes),
        ["SimulatorOptions.MaxConnections"] = Number(new SimulatorOptions().MaxConnections),
        ["SimulatorOptions.MaxRequestLineBytes"] = Bytes(new SimulatorOptions().MaxRequestLineBytes),
        ["SimulatorOptions.MaxHeaderBytes"] = Bytes(new SimulatorOptions().MaxHeaderBytes),
        ["SimulatorOptions.MaxMediaTypes"] = Number(new SimulatorOptions().MaxMediaTypes),
        ["SimulatorOptions.HeadersTimeout"] = Time(new SimulatorOptions().HeadersTimeout),
        ["SimulatorOptions.IdleTimeout"] = Time(new SimulatorOptions().IdleTimeout),
        ["KubeConnectionOptions.ExecTimeout"] = Time(new KubeConnectionOptions().ExecTimeout),
    };

    [Fact]
    public void The_limits_are_those_of_the_code() => Assert.Equal(
        _limits.OrderBy(l => l.Key, StringComparer.Ordinal),
        Limit().Matches(Repository.Read(Page))
            .Select(m => KeyValuePair.Create(m.Groups["name"].Value, m.Groups["default"].Value))
            .OrderBy(l => l.Key, StringComparer.Ordinal));

    [Fact]
    public void The_tests_that_the_page_names_exist()
    {
        var tests = Directory.EnumerateFiles(Repository.PathOf("tests"), "*Tests.cs", SearchOption.AllDirectories)
            .ToLookup(file => Path.GetFileNameWithoutExtension(file), File.ReadAllText);
        var missing = new List<string>();
        var lines = Repository.Read(Page).Split('\n');
        foreach (var line in lines)
        {
            var current = "";
            foreach (var match in Test().Matches(line).AsEnumerable())
            {
                current = match.Groups["class"] is { Success: true } name ? name.Value : current;
                var method = match.Groups["method"].Value;
                if (!tests[current].Any(text => method.Length == 0 || text.Contains($" {method}(", StringComparison.Ordinal)))
                {
                    missing.Add($"{current}.{method}");
                }
            }
        }

        Assert.Empty(missing);
        Assert.InRange(lines.Sum(l => Test().Count(l)), 60, 1000);
    }

    private static string Number(int number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private static string Bytes(long bytes) => bytes % (1 << 20) == 0 ? $"{bytes >> 20} MiB" : $"{bytes >> 10} KiB";

    private static string Time(TimeSpan time) => time.TotalMinutes > 1 ? $"{time.TotalMinutes} min" : $"{time.TotalSeconds} s";

    [GeneratedRegex(@"^\| [^|]+ \| (?<default>[^|]+) \| `(?<name>\w+\.\w+)`", RegexOptions.Multiline)]
    private static partial Regex Limit();

    // A class, a test of it, or one more test of the class before.
    [GeneratedRegex(@"`(?:(?<class>\w+Tests)(?:\.(?<method>\w+))?|(?<method>[A-Z][a-z0-9]*_\w+))`")]
    private static partial Regex Test();
}
