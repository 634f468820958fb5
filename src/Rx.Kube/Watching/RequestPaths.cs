using System.Globalization;
using System.Text;

namespace Rx.Kube;

/// <summary>Creates the paths and queries of the requests for one collection. Source: Kubernetes API concepts.</summary>
internal sealed class RequestPaths
{
    private readonly string _selected;

    private RequestPaths(string selected) => _selected = selected;

    /// <summary>Creates the paths for the selected objects of a kind.</summary>
    /// <exception cref="ArgumentException">A namespace is given for a cluster-scoped kind.</exception>
    public static RequestPaths Of<T>(ResourceKind<T> kind, ResourceSelection selection)
    {
        if (!kind.Namespaced && selection.Namespace is not null)
        {
            throw new ArgumentException($"{kind} is cluster-scoped. To fix: leave the namespace out.");
        }

        var path = new StringBuilder(kind.Group.Length == 0 ? $"api/{kind.Version}/" : $"apis/{kind.Group}/{kind.Version}/");
        if (selection.Namespace is { } @namespace)
        {
            path.Append("namespaces/").Append(@namespace).Append('/');
        }

        path.Append(kind.Plural).Append('?');
        AppendUnlessEmpty(path, "&labelSelector=", selection.LabelSelector);
        AppendUnlessEmpty(path, "&fieldSelector=", selection.FieldSelector);
        return new RequestPaths(path.ToString());
    }

    /// <summary>Creates the path of a page of a list.</summary>
    /// <param name="options">The version of the list.</param>
    /// <param name="pageSize">The size of the page; null for everything in one page.</param>
    /// <param name="continueToken">The token of the page before; empty for the first page.</param>
    public string List(ListOptions options, int? pageSize, string continueToken)
    {
        var query = new StringBuilder(_selected);
        if (pageSize is { } limit)
        {
            query.Append(CultureInfo.InvariantCulture, $"&limit={limit}");
        }

        if (continueToken.Length > 0)
        {
            // The token includes the version; the server rejects a request with both.
            query.Append("&continue=").Append(Uri.EscapeDataString(continueToken));
        }
        else if (options.NotOlderThan is { } version)
        {
            query.Append("&resourceVersion=").Append(Uri.EscapeDataString(version)).Append("&resourceVersionMatch=NotOlderThan");
        }

        return Finish(query);
    }

    /// <summary>Creates the path of a watch.</summary>
    public string Watch(WatchOptions options)
    {
        var query = new StringBuilder(_selected).Append("&watch=true&allowWatchBookmarks=true");
        if (options.SendInitialEvents)
        {
            query.Append("&sendInitialEvents=true&resourceVersionMatch=NotOlderThan");
        }

        if (!options.SendInitialEvents || options.FromVersion.Length > 0)
        {
            query.Append("&resourceVersion=").Append(Uri.EscapeDataString(options.FromVersion));
        }

        if (options.Timeout is { } timeout)
        {
            query.Append(CultureInfo.InvariantCulture, $"&timeoutSeconds={(long)timeout.TotalSeconds}");
        }

        return Finish(query);
    }

    private static void AppendUnlessEmpty(StringBuilder query, string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            query.Append(name).Append(Uri.EscapeDataString(value));
        }
    }

    private static string Finish(StringBuilder query) => query.Replace("?&", "?").ToString().TrimEnd('?');
}
