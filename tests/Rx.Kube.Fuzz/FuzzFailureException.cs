using System.Text;
using Rx.Kube.Fuzz.Targets;

namespace Rx.Kube.Fuzz;

/// <summary>An input that is not read as it must be, and how to read it again.</summary>
internal sealed class FuzzFailureException(ulong seed, long number, string target, byte[] input, Exception cause, bool isDamaged)
    : Exception($"input {number} of kind {target}: {cause.GetType().Name}: {cause.Message}", cause)
{
    private const int Longest = 4000;

    /// <summary>Describes the failure, with the smallest input that still fails so.</summary>
    public string Report()
    {
        var smallest = isDamaged ? Smallest() : null;
        return $"""
            FAILED: seed {seed}, input {number}, kind {target}, {input.Length} bytes
            {Cut(InnerException!.ToString())}
            input: {Cut(Escaped(input))}
            {(smallest is null ? "it fails only after the inputs before it, or is a valid one" : $"smallest: {Cut(Escaped(smallest))}")}
            To repeat: dotnet run -c Release --project tests/Rx.Kube.Fuzz -- --seed {seed} --only {number}
            To keep it: a row with the kind and the smallest input in tests/Rx.Kube.Tests/Fuzz/NamedInputs.cs
            """;
    }

    /// <summary>Bytes as the text of a C# string, in Latin-1.</summary>
    public static string Escaped(byte[] bytes)
    {
        var text = new StringBuilder();
        foreach (var b in bytes)
        {
            _ = b is >= 0x20 and < 0x7f and not ((byte)'"' or (byte)'\\') ? text.Append((char)b)
                : b is (byte)'"' or (byte)'\\' ? text.Append('\\').Append((char)b)
                : text.Append($"\\u{(int)b:x4}");
        }

        return text.ToString();
    }

    private static string Cut(string text) =>
        text.Length <= Longest ? text : $"{text[..(Longest / 2)]} … {text.Length - Longest} more … {text[^(Longest / 2)..]}";

    // Leaves out pieces, large ones first, for as long as it fails in the same way.
    private byte[]? Smallest()
    {
        var current = input;
        if (!Fails(current))
        {
            return null;
        }

        var attempts = 0;
        for (var piece = Math.Max(1, current.Length / 2); piece > 0; piece /= 2)
        {
            for (var at = 0; at < current.Length && attempts < 3000; attempts++)
            {
                byte[] shorter = [.. current.AsSpan(0, at), .. current.AsSpan(Math.Min(current.Length, at + piece))];
                if (Fails(shorter))
                {
                    current = shorter;
                }
                else
                {
                    at += piece;
                }
            }
        }

        return current;
    }

    private bool Fails(byte[] bytes)
    {
        try
        {
            AllTargets.Create().Single(t => t.Name == target).Check(bytes, null, Dice.For(seed, number, purpose: 2));
            return false;
        }
        catch (Exception e)
        {
            return e.GetType() == InnerException!.GetType();
        }
    }
}
