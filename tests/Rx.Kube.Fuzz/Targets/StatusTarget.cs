using System.Net;
using System.Reactive.Concurrency;
using System.Text;
using Rx.Kube.Fuzz.Documents;

namespace Rx.Kube.Fuzz.Targets;

/// <summary>Status bodies, with the headers of the answer: never an exception, everything within its bounds.</summary>
internal sealed class StatusTarget() : Target("status", 8)
{
    private static readonly StaticCredentials _nobody = new(Credential.Anonymous, "nobody");

    public override (Doc Document, object Meaning) Make(Dice dice)
    {
        var status = new KubeStatus(400 + dice.Below(200), "r" + Words.Any(dice), Words.Any(dice), [Words.Any(dice) + "."]);
        var details = Doc.Map().With("retryAfterSeconds", Doc.Of(dice.Below(700)))
            .With("causes", Doc.List(status.Causes.Select(cause => Doc.Map().With("reason", cause).With("field", "x"))));
        return (
            Models.Docs.Vary(
                Doc.Map().With("kind", "Status").With("apiVersion", "v1").With("status", "Failure").With("message", status.Message)
                    .With("reason", status.Reason).With("code", Doc.Of(status.Code)).With("details", details),
                dice),
            status);
    }

    public override byte[] Write(Doc document, Dice dice) => new DocText(dice).Add(document).ToArray();

    public override void Check(byte[] input, object? meaning, Dice dice)
    {
        var (status, asked) = KubeStatusReader.Read(input, 500);
        Require(
            meaning is not KubeStatus expected || status == expected,
            () => $"a valid Status is read as another one: {status} for {meaning}");
        RequireBounds(OutsideText.Unowned.Of(status), asked);
        if (!dice.OneIn(4))
        {
            return;
        }

        using var response = new HttpResponseMessage((HttpStatusCode)(300 + dice.Below(300))) { Content = new ByteArrayContent(input) };
        Header(response, "Retry-After", input, dice);
        Header(response, "Date", input, dice);
        Header(response, "Location", input, dice);
        using var request = new HttpRequestMessage(HttpMethod.Get, "https://server.example/api/v1/pods?x=y");
        var error = StatusErrors.ReadAsync(
            response, request, AcceptedFormats.Json, _nobody, new() { Scheduler = Scheduler.Immediate }, CancellationToken.None)
            .GetAwaiter().GetResult();
        RequireBounds(error.Status, error.RetryAfter);
        Require(!error.Message.Any(char.IsControl), "the message of an error has control characters");
        Require(error.Message.Length < 4096, "the message of an error is long");
    }

    private static void RequireBounds(KubeStatus status, TimeSpan? asked)
    {
        Require(!(asked < TimeSpan.Zero) && !(asked > KubeStatusReader.MaxRetryAfter), "a wait is out of its bounds");
        Require(
            status.Message.Length <= KubeStatusReader.MaxMessage + 1 && status.Reason.Length <= KubeStatusReader.MaxReason + 1
            && status.Causes.Length <= KubeStatusReader.MaxCauses
            && status.Causes.All(cause => cause.Length <= KubeStatusReader.MaxReason + 1), // the ellipsis
            "a text of a Status is over its limit");
    }

    // What .NET lets through: a header is one line of Latin-1.
    private static void Header(HttpResponseMessage response, string name, byte[] input, Dice dice)
    {
        var value = dice.Below(6) switch
        {
            0 => null,
            1 => $"{(long)dice.Next()}",
            2 => $"{dice.Below(1000)}",
            3 => DateTimeOffset.UnixEpoch.AddSeconds(dice.Next() % 250_000_000_000).ToString("r"),
            4 => "Fri, 31 Dec 9999 23:59:59 GMT",
            _ => Encoding.Latin1.GetString(input.AsSpan(0, Math.Min(input.Length, 100))).ReplaceLineEndings(" ").Replace('\0', ' '),
        };
        if (value is not null)
        {
            response.Headers.TryAddWithoutValidation(name, value);
        }
    }
}
