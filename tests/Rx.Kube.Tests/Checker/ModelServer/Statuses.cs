using System.Globalization;
using System.Net;
using System.Text;

namespace Rx.Kube.Tests.Checker.ModelServer;

/// <summary>Answers that are a Status.</summary>
internal static class Statuses
{
    public static void Answer(
        Exchange x, int code, string reason, (string Name, string Value)[]? headers = null, string message = "", string details = "")
    {
        x.Answer((HttpStatusCode)code, headers ?? []);
        x.Write(
            code == 502 ? "<html>bad gateway</html>"u8.ToArray() : Encoding.UTF8.GetBytes(Wire.Status(code, reason, message, details)),
            "STATUS", "");
        x.Finish();
    }

    /// <summary>Asks a client to wait, in one of the forms of Retry-After. The server's own clock is seven minutes ahead.</summary>
    public static void Throttle(Exchange x, ServerTime time, int form, int code = 429)
    {
        var now = time.Date;
        (string, int) asked = form switch
        {
            0 => ("2", 2_000),
            1 => ((now + TimeSpan.FromMinutes(7) + TimeSpan.FromSeconds(3)).ToString("R", CultureInfo.InvariantCulture), 2_000),
            2 => ("-3", 0),
            3 => ("soon", 0),
            4 => ("5", 5_000),
            5 => ("99999999", 600_000),
            6 => (now.ToString("R", CultureInfo.InvariantCulture), 0), // long ago on the server's clock
            7 => ("Fri, 31 Dec 9999 23:59:59 GMT", 600_000),
            8 => ("99999999999999999999", 0), // no number of seconds
            _ => ("1.5", 0),
        };
        var (text, milliseconds) = asked;
        x.Log.NotBefore = time.Now + milliseconds;
        var date = (now + TimeSpan.FromMinutes(7)).ToString("R", CultureInfo.InvariantCulture);
        Answer(x, code, "TooManyRequests", [("Date", date), ("Retry-After", text)]);
    }

    /// <summary>The server has not reached the version of a list.</summary>
    public static void TooLarge(Exchange x, bool isOlder)
    {
        x.Log.IsTooLarge = true;
        Answer(
            x, 504, "Timeout", [],
            isOlder ? "Too large resource version: 1, current: 0" : "Too large resource version",
            isOlder ? "" : "\"details\":{\"causes\":[{\"reason\":\"ResourceVersionTooLarge\","
                + "\"message\":\"Too large resource version\"}],\"retryAfterSeconds\":1},");
        x.Log.NotBefore = isOlder ? null : x.Log.End + 1_000;
    }
}
