using System.Diagnostics;

namespace Rx.Kube.Tests.Connection;

/// <summary>Notices go to the application and to the telemetry.</summary>
public class NoticeTests
{
    [Theory]
    [InlineData(ConnectionNoticeKind.Configuration, "configuration")]
    [InlineData(ConnectionNoticeKind.PluginWaits, "plugin_waits")]
    [InlineData(ConnectionNoticeKind.CertificateSkipped, "certificate_skipped")]
    [InlineData(ConnectionNoticeKind.CredentialsWithheld, "credentials_withheld")]
    [InlineData(ConnectionNoticeKind.PluginOutput, null)]
    public void A_notice_is_an_activity_unless_a_plugin_wrote_it(ConnectionNoticeKind kind, string? expected)
    {
        var text = $"text {Guid.NewGuid()}";
        var seen = new List<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Rx.Kube",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity =>
            {
                if (Equals(activity.GetTagItem("rxkube.notice"), text))
                {
                    seen.Add(activity);
                }
            },
        };
        ActivitySource.AddActivityListener(listener);
        ConnectionNotice? told = null;

        new Notices(notice => told = notice).Tell(kind, text);

        Assert.Equal(new ConnectionNotice(kind, text), told);
        Assert.Equal(expected is null ? [] : [expected], seen.Select(a => a.GetTagItem("rxkube.notice.kind")));
        Assert.All(seen, a => Assert.Equal("rxkube.connection.notice", a.OperationName));
    }
}
