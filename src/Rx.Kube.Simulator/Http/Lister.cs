using System.Globalization;
using Rx.Kube.Simulator.Selectors;
using Rx.Kube.Simulator.Storage;

namespace Rx.Kube.Simulator.Http;

/// <summary>Answers lists: chooses the version and the page.</summary>
internal sealed class Lister(Store store, SimulatorOptions options)
{
    internal async Task<ListPage> List(ListOptions asked, CancellationToken cancel)
    {
        asked.Check();
        var what = asked.Selection;
        var prefix = what.Namespace is null ? "" : what.Namespace + "/";
        // A read of the cache ("0") has no pages.
        var limit = asked.Version == "0" ? 0 : Math.Max(0, asked.Limit);
        if (asked.Continue.Length > 0) return Continued(asked, what, prefix, limit);

        long at = 0;
        if (asked.Version is not ("" or "0"))
        {
            var version = await Reach(asked.Version, "invalid resource version: ", cancel).ConfigureAwait(false);
            var exact = asked.VersionMatch == "Exact" || asked.VersionMatch.Length == 0 && limit > 0;
            if (exact) at = version;
        }
        return Page(what, at, null, prefix, limit);
    }

    /// <summary>Waits until the store has reached a version; a list waits for a limited time.</summary>
    internal async Task<long> Reach(string text, string problem, CancellationToken cancel)
    {
        var version = ParseVersion(text, problem.Length == 0 ? Errors.Internal : Errors.BadRequest, problem);
        using var patience = new CancellationTokenSource(options.VersionWait, options.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancel);
        try
        {
            await store.Reached(version, both.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw Errors.VersionTooLarge(text, store.Version);
        }
        return version;
    }

    internal static long ParseVersion(string text, Func<string, ApiStatusException> error, string problem = "") =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            ? version
            : throw error($"{problem}resourceVersion: Invalid value: \"{text}\": strconv.ParseUint: parsing \"{text}\": invalid syntax");

    private ListPage Continued(ListOptions asked, Selection what, string prefix, long limit)
    {
        if (asked.Version is not ("" or "0"))
            throw Errors.BadRequest("specifying resource version is not allowed when using continue");
        var token = ContinueToken.Parse(asked.Continue, prefix);
        try
        {
            return Page(what, Math.Max(0, token.Version), token.FromKey, prefix, limit);
        }
        catch (ApiStatusException e) when (e.Code == 410)
        {
            throw new ApiStatusException(
                410,
                "Expired",
                "The provided continue parameter is too old: list again without it, " +
                "or go on at a newer version with the token in this answer.")
            {
                Continue = token.Inconsistent(prefix),
            };
        }
    }

    private ListPage Page(Selection what, long at, string? fromKey, string prefix, long limit)
    {
        var (version, all) = store.Read(what, at, fromKey);
        // A list of one name reads one object, which needs no pages.
        if (what.Fields.Name is not null) limit = 0;
        var page = new List<StoredObject>();
        for (var i = 0; i < all.Count; i++)
        {
            if (what.Matches(all[i])) page.Add(all[i]);
            var rest = all.Count - i - 1;
            if (limit == 0 || page.Count < limit || rest == 0) continue;
            return new(version, page, ContinueToken.After(version, all[i].Key, prefix), what.Filters ? null : rest);
        }
        return new(version, page);
    }
}
