namespace Rx.Kube.Tests.Checker.ModelServer;

/// <summary>A hash that is the same in every process.</summary>
internal static class StableHash
{
    public static ulong Of(string a, string b, long c, string d) =>
        Mix(Add(Add(Mix(Add(Add(14695981039346656037, a), b) ^ (ulong)c), "|"), d));

    public static ulong Of(string a, string b, string c, string d) => long.TryParse(c, out var number)
        ? Of(a, b, number, d)
        : Mix(Add(Add(Add(Add(14695981039346656037, a), b), c), d));

    private static ulong Add(ulong hash, string text)
    {
        foreach (var c in text)
        {
            hash = (hash ^ c) * 1099511628211;
        }

        return (hash ^ '|') * 1099511628211;
    }

    private static ulong Mix(ulong x)
    {
        x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
        x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
        return x ^ (x >> 31);
    }
}
