namespace Rx.Kube.Benchmarks.WholePath;

/// <summary>An action that does the same a number of times.</summary>
/// <param name="name">Its name in the table.</param>
/// <param name="times">How often.</param>
/// <param name="action">The action.</param>
internal sealed class Repeated(string name, int times, Action action) : Contestant(name)
{
    public override Cost Round() => Cost.Of(times, action);
}
