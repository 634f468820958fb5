using System.Collections.Immutable;

namespace Rx.Kube.Hashing.Tests;

public sealed class EquatableArrayTests
{
    private sealed record Holder(EquatableArray<string> Names);

    [Fact]
    public void Equal_content_is_equal_and_has_one_hash_code()
    {
        EquatableArray<string> one = ["a", "b"], same = ["a", "b"], other = ["b", "a"], longer = ["a", "b", "c"];
        Assert.True(one == same && one != other && one != longer);
        Assert.Equal(one.GetHashCode(), same.GetHashCode());
        Assert.Equal(new Holder(one), new Holder(same));
        Assert.NotEqual(new Holder(one), new Holder(other));
    }

    [Fact]
    public void The_default_value_is_an_empty_array()
    {
        EquatableArray<string> none = default;
        Assert.True(none.IsEmpty && none == [] && none == ImmutableArray<string>.Empty && none == default(ImmutableArray<string>));
        Assert.Empty(none);
        Assert.Equal("[]", none.ToString());
        Assert.Empty(none.AsImmutableArray());
        Assert.Throws<IndexOutOfRangeException>(() => none[0]);
    }

    [Fact]
    public void Items_are_read_in_order_without_a_copy()
    {
        var items = ImmutableArray.Create("a", "b");
        EquatableArray<string> array = items;
        Assert.Equal(items, array.AsImmutableArray());
        Assert.True(array.AsSpan() == items.AsSpan());
        Assert.Equal(("a", "b", 2), (array[0], array[1], array.Length));
        Assert.Equal(["a", "b"], array.Select(item => item));
        Assert.Equal("[a, b]", array.ToString());
    }
}
