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

        var (certificates, skipped) = PemCertificates.Read($"{Bad}\n\n{good}\n{Bad}\n-----BEGIN CERTIFICATE----------BEGIN CERTIFICATE-----");

        var third = 5 + good.Split('\n').Length;
        Assert.Single(certificates);
        Assert.Equal([1, third, third + 3, third + 3], skipped);
    }

    [Fact]
    public void A_file_of_beginnings_without_ends_costs_in_proportion_to_its_length()
    {
        var (few, many) = (TimeOf(10_000), TimeOf(100_000));

        // If each one counted the lines before it, and looked for its end in all that follows, many would take 100 times as long.
        Assert.InRange(many / few, 0, 40);

        static double TimeOf(int count)
        {
            var pem = string.Concat(Enumerable.Repeat("-----BEGIN CERTIFICATE-----\n", count));
            return Enumerable.Range(0, 3).Min(_ =>
            {
                var watch = Stopwatch.StartNew();
                Assert.Equal(count, PemCertificates.Read(pem).Skipped.Count);
                return watch.Elapsed.TotalMilliseconds;
            });
        }
    }
}
