using System.Diagnostics;
using Rx.Kube.Fuzz.Documents;
using Rx.Kube.Fuzz.Targets;

namespace Rx.Kube.Fuzz;

/// <summary>
/// A run of inputs with decoders of its own: what an input meets depends on the seed, its number, and the inputs before it in its block,
/// and on nothing else.
/// </summary>
internal sealed class Block
{
    /// <summary>The number of inputs of a block.</summary>
    public const int Size = 1000;

    private readonly ulong _seed;
    private readonly IReadOnlyList<Target> _targets;
    private readonly Target[] _byWeight;
    private readonly byte[][] _earlier = [.. Enumerable.Repeat<byte[]>([], 16)];

    public Block(ulong seed, IReadOnlyList<Target>? targets = null)
    {
        (_seed, _targets) = (seed, targets ?? AllTargets.Create());
        _byWeight = [.. _targets.SelectMany(target => Enumerable.Repeat(target, target.Weight))];
    }

    /// <summary>Makes an input and reads it.</summary>
    /// <returns>What it cost.</returns>
    /// <exception cref="FuzzFailureException">It is not read as it must be.</exception>
    public Cost Run(long number)
    {
        var (target, input, meaning) = Make(number);
        try
        {
            return Read(target, input, meaning, () => Dice.For(_seed, number, purpose: 2));
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            throw new FuzzFailureException(_seed, number, target.Name, input, e, meaning is null);
        }
    }

    /// <summary>Makes an input, of which the meaning is known unless it is damaged. Later inputs may have pieces of it.</summary>
    public (Target Target, byte[] Input, object? Meaning) Make(long number)
    {
        var dice = Dice.For(_seed, number, purpose: 1);
        var target = dice.Of<Target>(_byWeight);
        var (document, meaning) = target.Make(dice);
        var damage = dice.Below(10); // 3 of 10 inputs stay valid
        for (var i = damage < 3 || damage > 7 ? 0 : 1 + dice.Below(3); i > 0; i--)
        {
            Mutation.Structure(document, dice);
        }

        var input = target.Write(document, dice);
        for (var i = damage < 6 ? 0 : 1 + dice.Below(3); i > 0; i--)
        {
            input = Mutation.Bytes(input, dice.OneIn(2) ? input : _earlier[dice.Below(_earlier.Length)], dice);
        }

        _earlier[number % _earlier.Length] = input.Length < 20_000 ? input : input[..20_000];
        return (target, input, damage < 3 ? meaning : null);
    }

    /// <summary>Reads an input.</summary>
    /// <exception cref="BrokenPromiseException">It is not read as it must be, or costs too much.</exception>
    public static Cost Read(Target target, byte[] input, object? meaning, Func<Dice> dice)
    {
        // The first call of a method, and a collection of garbage, are no defects of an input: the cheapest of some attempts counts.
        // The time that a thread has computed for is dearer to read than a clock, which only an input over its budget is worth.
        for (var attempt = 0; ; attempt++)
        {
            Func<TimeSpan> clock = attempt == 0 ? static () => Stopwatch.GetElapsedTime(0) : ThreadClock.Read;
            var allocated = GC.GetAllocatedBytesForCurrentThread() - target.AllocatedBeside;
            var started = clock();
            target.Check(input, meaning, dice());
            var cost = new Cost(
                target.Name, input.Length, target.Refused, clock() - started,
                GC.GetAllocatedBytesForCurrentThread() - target.AllocatedBeside - allocated);
            if (cost.WithinBudget() || (cost with { Length = target.LengthOf(input) }).WithinBudget())
            {
                return cost;
            }

            if (attempt == 5)
            {
                throw new BrokenPromiseException($"too expensive: {cost}");
            }
        }
    }
}

/// <summary>What an input cost.</summary>
internal readonly record struct Cost(string Target, int Length, int Refused, TimeSpan Time, long Allocated)
{
    /// <summary>
    /// Gets whether time and memory are in proportion to the length. An input is read several times, in several pieces; a read has
    /// buffers of 64 KiB, and an answer with an error has one, too; an object that is refused has three
    /// exceptions of 2 KB: it cannot be decoded, and neither can its version and its name.
    /// </summary>
    public bool WithinBudget() =>
        Time < TimeSpan.FromMilliseconds(20 + (Length * 0.005)) && Allocated < 300_000 + (Length * 250L) + (Refused * 6000L);
}
