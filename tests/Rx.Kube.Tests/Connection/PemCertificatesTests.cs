using System.Diagnostics;
using Rx.Kube.Tests.Connection.Support;

namespace Rx.Kube.Tests.Connection;

/// <summary>Files with many certificates.</summary>
public class PemCertificatesTests
{
    [Fact]
    public void Entries_that_cannot_be_parsed_are_skipped_with_their_lines()
    {
        var good = new TestAuthority().Pem.Trim();
        const string Bad = "-----BEGIN CERTIFICATE-----\nQQ==\n-----END CERTIFICATE-----";
        const string Begin = "-----BEGIN CERTIFICATE-----";

        var (certificates, skipped) = PemCertificates.Read($"{Bad}\n\n{good}\n{Bad}\n{Begin}{Begin}");

        var third = 5 + good.Split('\n').Length;
        Assert.Single(certificates);
        Assert.Equal([1, third, third + 3, third + 3], skipped);
    }

    [Fact]
    public void The_largest_file_of_beginnings_without_ends_is_read_at_once()
    {
        const string Begin = "-----BEGIN CERTIFICATE-----";
        var pem = string.Concat(Enumerable.Repeat(Begin, ConnectionLimits.Default.MaxFileBytes / Begin.Length));

        var fastest = Enumerable.Range(0, 3).Min(_ =>
        {
            var watch = Stopwatch.StartNew();
            Assert.Equal(ConnectionLimits.Default.MaxFileBytes / Begin.Length, PemCertificates.Read(pem).Skipped.Count);
            return watch.Elapsed;
        });

        // It takes some 50 ms. If each entry counted the lines before it, it would take several seconds.
        Assert.InRange(fastest, TimeSpan.Zero, TimeSpan.FromSeconds(1.5));
    }
}
