namespace Rx.Kube.Fuzz.Documents;

/// <summary>What a node of a document is.</summary>
internal enum DocKind
{
    /// <summary>Text that is written as it is: a number, true, false, null, or something that is no value at all.</summary>
    Raw,
    Text,
    List,
    Map,
}

/// <summary>
/// A document that can be damaged before it is written. Unlike a JSON document, a map may have a key twice, and a text may have unpaired
/// surrogates.
/// </summary>
internal sealed class Doc
{
    private Doc(DocKind kind, string text = "") => (Kind, Text) = (kind, text);

    public DocKind Kind { get; }

    public string Text { get; }

    /// <summary>The elements of a list, or the values of a map.</summary>
    public List<Doc> Items => field ??= []; // most nodes are texts, which have none

    /// <summary>The keys of a map, one for each item.</summary>
    public List<string> Keys => field ??= [];

    public static Doc Null() => Raw("null");

    public static Doc Raw(string text) => new(DocKind.Raw, text);

    public static Doc Of(string? text) => text is null ? Null() : new(DocKind.Text, text);

    public static Doc Of(bool flag) => Raw(flag ? "true" : "false");

    public static Doc Of(long number) => Raw(number.ToString(System.Globalization.CultureInfo.InvariantCulture));

    public static Doc List(params IEnumerable<Doc> items)
    {
        var list = new Doc(DocKind.List);
        list.Items.AddRange(items);
        return list;
    }

    public static Doc Map() => new(DocKind.Map);

    /// <summary>Adds a key to a map.</summary>
    public Doc With(string key, Doc value)
    {
        Keys.Add(key);
        Items.Add(value);
        return this;
    }

    /// <summary>Adds a key, unless the value is absent.</summary>
    public Doc With(string key, string? value) => value is null ? this : With(key, Of(value));

    public Doc With(string key, bool? value) => value is { } flag ? With(key, Of(flag)) : this;

    public Doc Copy()
    {
        var copy = new Doc(Kind, Text);
        if (Kind is DocKind.Raw or DocKind.Text)
        {
            return copy;
        }

        copy.Keys.AddRange(Keys);
        foreach (var item in Items)
        {
            copy.Items.Add(item.Copy());
        }

        return copy;
    }
}
