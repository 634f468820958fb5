namespace Rx.Kube.Browser.Tests.Support;

/// <summary>A test in a real browser. It is skipped where there is no Chromium, but never on CI.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class BrowserFactAttribute : FactAttribute
{
    public BrowserFactAttribute() => Skip = Chromium.Path is not null || Environment.GetEnvironmentVariable("CI") == "true"
        ? null
        : "There is no Chromium. To fix: apt-get install chromium, or set RXKUBE_CHROMIUM to its path.";
}
