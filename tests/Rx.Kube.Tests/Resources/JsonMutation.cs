using System.Text;

namespace Rx.Kube.Tests.Resources;

/// <summary>Breaks JSON at its structure, its escapes and its text, and at random.</summary>
internal static class JsonMutation
{
    private static readonly string[] Tokens =
    [
        "{", "}", "[", "]", ",", ":", "\"", "\\", "\\u", "\\ud800",
        "null", "true", "0", "-", "1e999", "\"name\":", "[[[[", " ", "\0", "\u001b",
    ];

    public static byte[] Mutate(ReadOnlySpan<byte> json, Random random)
    {
        var result = new List<byte>(json.ToArray());
        for (var i = random.Next(3); i >= 0 && result.Count > 0; i--)
        {
            MutateOnce(result, random);
        }

        return [.. result];
    }

    private static void MutateOnce(List<byte> json, Random random)
    {
        var at = random.Next(2) == 0 ? random.Next(json.Count) : StructureNear(json, random.Next(json.Count));
        switch (random.Next(8))
        {
            case 0:
                json[at] ^= (byte)(1 << random.Next(8));
                break;
            case 1:
                json[at] = (byte)random.Next(256);
                break;
            case 2:
                json.RemoveRange(at, json.Count - at);
                break;
            case 3:
                json.RemoveRange(at, Math.Min(random.Next(1, 20), json.Count - at));
                break;
            case 4:
                json.InsertRange(at, Encoding.UTF8.GetBytes(random.GetItems(Tokens, 1)[0]));
                break;
            case 5:
                json.InsertRange(at, json.GetRange(at, Math.Min(random.Next(1, 60), json.Count - at)));
                break;
            case 6:
                var value = random.GetItems(Tokens, 1)[0];
                json[at] = (byte)value[0];
                break;
            default:
                json.InsertRange(at, Enumerable.Repeat((byte)'[', random.Next(1, 200)));
                break;
        }
    }

    private static int StructureNear(List<byte> json, int at)
    {
        var found = json.FindIndex(at, b => b is (byte)'{' or (byte)'}' or (byte)'[' or (byte)']' or (byte)',' or (byte)':' or (byte)'"');
        return found < 0 ? at : found;
    }
}
