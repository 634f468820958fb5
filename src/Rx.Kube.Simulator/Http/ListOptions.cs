using System.Globalization;
using Microsoft.AspNetCore.Http;
using Rx.Kube.Simulator.Selectors;
using Rx.Kube.Simulator.Storage;

namespace Rx.Kube.Simulator.Http;

/// <summary>The query of a list or watch, checked as a real server checks it.</summary>
internal sealed record ListOptions
{
    private const string Match = "resourceVersionMatch";

    internal required Selection Selection { get; init; }

    internal bool Watch { get; init; }

    internal string Version { get; init; } = "";

    internal string VersionMatch { get; init; } = "";

    internal long Limit { get; init; }

    internal string Continue { get; init; } = "";

    internal long? TimeoutSeconds { get; init; }

    internal bool Bookmarks { get; init; }

    internal bool? SendInitialEvents { get; init; }

    internal static ListOptions Parse(IQueryCollection query, ApiPath path, ResourceType type)
    {
        var fields = FieldSelector.Parse(query["fieldSelector"]);
        if (path.Name is not null) fields = FieldSelector.Parse($"metadata.name={path.Name}");
        return new()
        {
            Selection = new(type, path.Namespace, LabelSelectorParser.Parse(query["labelSelector"]), fields),
            Watch = path.IsWatchPath || Bool(query, "watch") == true,
            Version = query["resourceVersion"].ToString(),
            VersionMatch = query[Match].ToString(),
            Limit = Integer(query, "limit") ?? 0,
            Continue = query["continue"].ToString(),
            TimeoutSeconds = Integer(query, "timeoutSeconds"),
            Bookmarks = Bool(query, "allowWatchBookmarks") == true,
            SendInitialEvents = Bool(query, "sendInitialEvents"),
        };
    }

    /// <summary>Whether a parameter is set: every value except "0" and "false" is true, as in Go's conversion.</summary>
    internal static bool? Bool(IQueryCollection query, string name) =>
        query.TryGetValue(name, out var value) ? value.ToString() is not ("0" or "false") : null;

    /// <summary>Refuses parameters that cannot be combined.</summary>
    internal void Check()
    {
        var wrong = Watch ? WrongForWatch() : WrongForList();
        if (wrong.Count > 0) throw Errors.Invalid("meta.k8s.io", "ListOptions", "", [.. wrong]);
    }

    private static long? Integer(IQueryCollection query, string name)
    {
        var text = query[name].ToString();
        if (text.Length == 0) return null;
        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw Errors.BadRequest($"strconv.ParseInt: parsing \"{text}\": invalid syntax");
    }

    private List<InvalidField> WrongForWatch()
    {
        var wrong = new List<InvalidField>();
        if (Continue.Length > 0) wrong.Add(InvalidField.Forbidden(Match, "resourceVersionMatch is forbidden when continue is provided"));
        if (SendInitialEvents is not null && VersionMatch != "NotOlderThan")
            wrong.Add(InvalidField.Forbidden(Match, "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan"));
        if (SendInitialEvents is not null && VersionMatch is not ("" or "NotOlderThan"))
            wrong.Add(InvalidField.Unsupported(Match, $"\"{VersionMatch}\"", "NotOlderThan"));
        if (SendInitialEvents is null && VersionMatch.Length > 0)
            wrong.Add(InvalidField.Forbidden(Match, "resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided"));
        return wrong;
    }

    private List<InvalidField> WrongForList()
    {
        var wrong = new List<InvalidField>();
        if (SendInitialEvents is not null)
            wrong.Add(InvalidField.Forbidden("sendInitialEvents", "sendInitialEvents is forbidden for list"));
        if (VersionMatch.Length == 0) return wrong;
        if (Version.Length == 0)
            wrong.Add(InvalidField.Forbidden(Match, "resourceVersionMatch is forbidden unless resourceVersion is provided"));
        if (Continue.Length > 0) wrong.Add(InvalidField.Forbidden(Match, "resourceVersionMatch is forbidden when continue is provided"));
        if (VersionMatch is not ("Exact" or "NotOlderThan"))
            wrong.Add(InvalidField.Unsupported(Match, $"\"{VersionMatch}\"", "Exact", "NotOlderThan", ""));
        if (VersionMatch == "Exact" && Version == "0")
            wrong.Add(InvalidField.Forbidden(Match, "resourceVersionMatch \"exact\" is forbidden for resourceVersion \"0\""));
        return wrong;
    }
}
