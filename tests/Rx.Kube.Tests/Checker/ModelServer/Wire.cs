using System.Text;

namespace Rx.Kube.Tests.Checker.ModelServer;

/// <summary>The texts of the server, written without any code of the client.</summary>
internal static class Wire
{
    public static byte[] Event(string type, byte[] json) =>
        [.. "{\"type\":\""u8, .. Encoding.UTF8.GetBytes(type), .. "\",\"object\":"u8, .. json, .. "}\n"u8];

    public static byte[] Bookmark(string version, bool endsInitialEvents = false) => Encoding.UTF8.GetBytes(
        "{\"type\":\"BOOKMARK\",\"object\":{\"kind\":\"EndpointSlice\",\"apiVersion\":\"discovery.k8s.io/v1\","
            + "\"metadata\":{\"resourceVersion\":\""
        + version + "\"" + (endsInitialEvents ? ",\"annotations\":{\"k8s.io/initial-events-end\":\"true\"}" : "")
        + "},\"addressType\":\"\",\"endpoints\":null,\"ports\":null}}\n");

    public static byte[] Error(int code, string reason, string message, string details = "") =>
        Event("ERROR", Encoding.UTF8.GetBytes(Status(code, reason, message, details).TrimEnd()));

    public static string Status(int code, string reason, string message, string details = "") =>
        "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"metadata\":{},\"status\":\"Failure\",\"message\":\"" + message
        + "\",\"reason\":\"" + reason + "\"," + details + "\"code\":" + code + "}\n";

    public static byte[] List(string version, string next, List<Thing> things)
    {
        using var json = new MemoryStream();
        json.Write(Encoding.UTF8.GetBytes(
            "{\"kind\":\"EndpointSliceList\",\"apiVersion\":\"discovery.k8s.io/v1\",\"metadata\":{\"resourceVersion\":\"" + version
            + (next.Length > 0 ? "\",\"continue\":\"" + next : "") + "\"},\"items\":["));
        for (var i = 0; i < things.Count; i++)
        {
            if (i > 0)
            {
                json.WriteByte((byte)',');
            }

            json.Write(things[i].Json);
        }

        json.Write("]}\n"u8);
        return json.ToArray();
    }

    /// <summary>The length of the part of a line before a cut of a class.</summary>
    /// <param name="line">The line, with its end.</param>
    /// <param name="offset">0: nothing, 1: in a token, 2: in a character, 3: all but the end of the line, 4: all.</param>
    public static int Offset(ReadOnlySpan<byte> line, int offset)
    {
        switch (offset)
        {
            case 1:
                var version = line.IndexOf("resourceVersion\":\""u8);
                return version < 0 ? line.Length / 2 : version + 19;
            case 2:
                var character = line.IndexOfAnyInRange((byte)0xC0, (byte)0xFF);
                return character < 0 ? line.Length / 3 : character + 1;
            case 3:
                return line.Length - 1;
            default:
                return offset == 0 ? 0 : line.Length;
        }
    }
}
