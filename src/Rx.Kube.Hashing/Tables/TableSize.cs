namespace Rx.Kube;

/// <summary>Checks the size of a table.</summary>
internal static class TableSize
{
    public static void Check(int tableSize)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(tableSize, 2);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(tableSize, Maglev.MaxTableSize);
        if (!IsPrime(tableSize))
        {
            var next = Enumerable.Range(tableSize, Maglev.MaxTableSize).First(IsPrime);
            throw new ArgumentException(
                $"The size of the table, {tableSize}, is not prime. To fix: use the next prime, {next}.", nameof(tableSize));
        }
    }

    private static bool IsPrime(int number)
    {
        for (var divisor = 2; divisor * divisor <= number; divisor++)
        {
            if (number % divisor == 0)
            {
                return false;
            }
        }

        return true;
    }
}
