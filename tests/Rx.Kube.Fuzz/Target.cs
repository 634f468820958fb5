using Rx.Kube.Fuzz.Documents;

namespace Rx.Kube.Fuzz;

/// <summary>One kind of input, and what must hold when it is read.</summary>
/// <param name="name">The name of the kind.</param>
/// <param name="weight">How many of the inputs are of this kind, relative to the others.</param>
internal abstract class Target(string name, int weight)
{
    public string Name => name;

    public int Weight => weight;

    /// <summary>Gets how many objects the last input had that were refused, in all its reads.</summary>
    public int Refused { get; protected set; }

    /// <summary>Gets how many bytes all checks have allocated beside the reads: they are no cost of an input.</summary>
    public long AllocatedBeside { get; private set; }

    /// <summary>Makes a valid document, and what it means.</summary>
    public abstract (Doc Document, object Meaning) Make(Dice dice);

    /// <summary>Writes a document, damaged or not.</summary>
    public abstract byte[] Write(Doc document, Dice dice);

    /// <summary>Reads an input.</summary>
    /// <param name="input">The bytes.</param>
    /// <param name="meaning">What they mean; null when they are damaged.</param>
    /// <param name="dice">Chooses how they arrive.</param>
    /// <exception cref="BrokenPromiseException">What was read is wrong. Any other exception is a crash.</exception>
    public abstract void Check(byte[] input, object? meaning, Dice dice);

    /// <summary>Gets the length that an input may cost in proportion to: its own, unless it is compressed.</summary>
    public virtual int LengthOf(byte[] input) => input.Length;

    /// <summary>Makes what a check compares with, such as the object written again. What it allocates is no cost of the input.</summary>
    protected T Beside<T>(Func<T> make)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var made = make();
        AllocatedBeside += GC.GetAllocatedBytesForCurrentThread() - before;
        return made;
    }

    /// <summary>Requires that a promise is kept.</summary>
    protected static void Require(bool holds, string promise)
    {
        if (!holds)
        {
            throw new BrokenPromiseException(promise);
        }
    }

    /// <summary>Requires that a promise is kept; the text is made only if it is not.</summary>
    protected static void Require(bool holds, Func<string> promise)
    {
        if (!holds)
        {
            throw new BrokenPromiseException(promise());
        }
    }

    /// <summary>Requires that a read value is the written one.</summary>
    protected static void RequireEqual<T>(T expected, T actual, string what)
    {
        if (!EqualityComparer<T>.Default.Equals(expected, actual))
        {
            throw new BrokenPromiseException($"{what}: expected {expected}, found {actual}");
        }
    }
}

/// <summary>A promise other than "does not crash" is broken.</summary>
internal sealed class BrokenPromiseException(string message) : Exception(message);
