using Rx.Kube.Models;
using Rx.Kube.Testing;

namespace Rx.Kube.Tests.Watching.Resuming;

/// <summary>Of which objects that cannot be decoded a consumer keeps a good state.</summary>
public sealed class HeldObjectsTests
{
    private readonly HeldObjects<EndpointSlice> _held = new(slice => slice.Metadata);

    [Fact]
    public void An_object_that_was_decoded_is_kept_until_it_is_deleted()
    {
        _held.Apply(Slice.Of("a", "cache", 1).Added());
        Assert.True(Keeps("a"));
        _held.Apply(Skipped("a"));
        Assert.True(Keeps("a"));
        _held.Apply(new WatchEvent<EndpointSlice>.Listed([], "3") { SkippedItems = [Skipped("a").Object] });
        Assert.True(Keeps("a"));
        _held.Apply(Skipped("a") with { IsDeletion = true });
        Assert.False(Keeps("a"));
        _held.Apply(Skipped("a"));
        Assert.False(Keeps("a"));
    }

    [Fact]
    public void An_object_that_was_never_decoded_is_not_kept_until_it_is()
    {
        _held.Apply(new WatchEvent<EndpointSlice>.Listed([], "3") { SkippedItems = [Skipped("a").Object] });
        _held.Apply(Skipped("b"));
        Assert.False(Keeps("a", "b"));
        _held.Apply(new WatchEvent<EndpointSlice>.Listed([], "4") { SkippedItems = [Skipped("a").Object, Skipped("b").Object] });
        Assert.False(Keeps("a", "b"));
        _held.Apply(Slice.Of("b", "cache", 5).Modified());
        Assert.True(Keeps("a", "b"));
        Assert.False(Keeps("a"));
    }

    [Fact]
    public void An_object_that_is_not_in_a_list_is_not_kept()
    {
        _held.Apply(WatchEvents.Listed("1", Slice.Of("a", "cache", 1)));
        _held.Apply(WatchEvents.Listed("2", Slice.Of("b", "cache", 2)));
        Assert.False(Keeps("a"));
    }

    [Fact]
    public void An_object_without_metadata_may_be_any()
    {
        var held = new HeldObjects<EndpointSlice>(_ => null);
        Assert.False(held.KeepsAny([Skipped("a").Object]));
        held.Apply(Slice.Of("b", "cache", 1).Added());
        Assert.True(held.KeepsAny([Skipped("a").Object]));
    }

    [Theory]
    [InlineData(-1, true, null)]
    [InlineData(0, false, null)] // a flood: everything counts as changed
    [InlineData(1, false, null)]
    [InlineData(-1, true, 100_001)]
    [InlineData(0, false, 100_001)]
    [InlineData(1, false, 100_001)]
    public void The_objects_that_change_during_an_audit_are_noted_up_to_a_limit(int beyond, bool isUnchanged, int? option)
    {
        var held = new HeldObjects<EndpointSlice>(slice => slice.Metadata, option ?? ResumeOptions.Default.MaxAuditedObjects);
        held.Apply(Slice.Of("a", "cache", 1).Added());
        held.BeginAudit();
        for (var i = 0; i < (option ?? 100_000) + beyond; i++)
        {
            held.Apply(Skipped($"s{i}"));
        }

        Assert.Equal(isUnchanged, held.AnyUnchanged([Skipped("a").Object.Key]));
    }

    private bool Keeps(params string[] names) => _held.KeepsAny(names.Select(name => Skipped(name).Object));

    private static WatchEvent<EndpointSlice>.Skipped Skipped(string name) => new(new SkippedObject("default", name, "2", "broken"), "2");
}
