using System.Collections.Immutable;
using System.Globalization;

namespace Rx.Kube;

/// <summary>The lists of a connection that are under way: implements <see cref="KubeConnection.UnfinishedList"/>. Thread-safe.</summary>
internal sealed class UnfinishedLists
{
    private ImmutableList<ListProgress> _lists = [];

    /// <summary>Gets what is known of the list that has the most pages; null while no list has a page.</summary>
    public string? Text => Volatile.Read(ref _lists).MaxBy(l => l.Pages) is { Pages: > 0 } list ? list.ToString() : null;

    /// <summary>Adds a list.</summary>
    public void Begin(ListProgress list) => ImmutableInterlocked.Update(ref _lists, (lists, one) => lists.Add(one), list);

    /// <summary>Removes a list.</summary>
    public void End(ListProgress list) => ImmutableInterlocked.Update(ref _lists, (lists, one) => lists.Remove(one), list);
}

/// <summary>How far a list is. Written by one thread, read by any.</summary>
/// <param name="name">The resource.</param>
internal sealed class ListProgress(string name)
{
    private int _objects;

    /// <summary>Gets how many pages have arrived.</summary>
    public int Pages { get; private set; }

    /// <summary>Gets how many of the pages had no object.</summary>
    public int EmptyPages { get; private set; }

    /// <summary>Gets how many of the last pages had no object.</summary>
    public int EmptyInARow { get; private set; }

    /// <summary>Gets the number of pages, and how many of them were empty: <c>37 pages (36 of them empty)</c>.</summary>
    public string PagesText => string.Create(
        CultureInfo.InvariantCulture,
        $"{Pages} {(Pages == 1 ? "page" : "pages")}{(EmptyPages == 0 ? "" : $" ({EmptyPages} of them empty)")}");

    /// <summary>Notes a page.</summary>
    /// <param name="objects">The number of its objects.</param>
    public void Note(int objects)
    {
        EmptyInARow = objects == 0 ? EmptyInARow + 1 : 0;
        (EmptyPages, _objects) = (EmptyPages + (objects == 0 ? 1 : 0), _objects + objects);
        Pages++;
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"the list of {name} is not complete after {PagesText} with {_objects} objects");
}
