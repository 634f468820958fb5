using System.Globalization;
using System.Text;

namespace Rx.Kube.Benchmarks.WholePath;

/// <summary>The bodies of one list: whole, in pages, and as the initial events of a watch.</summary>
internal abstract class CannedList
{
    /// <summary>The size of the pages that exist as files: what Rx.Kube asks for.</summary>
    protected const int PageSize = 500;

    /// <summary>Gets the list as the initial events of a watch, with the bookmark that ends them.</summary>
    public abstract byte[] InitialEvents { get; }

    /// <summary>Gets the body of a page.</summary>
    /// <param name="limit">The number of its items; zero for the whole list.</param>
    /// <param name="from">The number of items before it.</param>
    public abstract byte[] Page(int limit, int from);

    /// <summary>Creates the bodies from items when they are asked for.</summary>
    public static CannedList Of(SliceWorkload workload) => new Items(workload.ListItems, workload.ListVersion);

    /// <summary>Reads the bodies that <see cref="Write"/> has written.</summary>
    public static CannedList Read(string folder) => new Files(folder);

    /// <summary>Writes the bodies to a folder, for another process. The whole list is <c>list.json</c>.</summary>
    public void Write(string folder, int count)
    {
        File.WriteAllBytes(Path.Combine(folder, "list.json"), Page(0, 0));
        File.WriteAllBytes(Path.Combine(folder, "initial.json"), InitialEvents);
        for (var from = 0; from < count; from += PageSize)
        {
            File.WriteAllBytes(Path.Combine(folder, $"page-{from}.json"), Page(PageSize, from));
        }
    }

    private sealed class Items(byte[][] items, string version) : CannedList
    {
        public override byte[] InitialEvents
        {
            get
            {
                var body = new MemoryStream();
                foreach (var item in items)
                {
                    // An event has the kind of its object, an item of a list does not.
                    body.Write("""{"type":"ADDED","object":{"kind":"EndpointSlice","apiVersion":"discovery.k8s.io/v1","""u8);
                    body.Write(item.AsSpan(1));
                    body.Write("}\n"u8);
                }

                body.Write("""{"type":"BOOKMARK","object":{"kind":"EndpointSlice","apiVersion":"discovery.k8s.io/v1","metadata":"""u8);
                body.Write(Encoding.UTF8.GetBytes(
                    $$$"""{"resourceVersion":"{{{version}}}","annotations":{"k8s.io/initial-events-end":"true"}},"""));
                body.Write("""
                    "addressType":"","endpoints":null}}
                    """u8);
                body.Write("\n"u8);
                return body.ToArray();
            }
        }

        public override byte[] Page(int limit, int from)
        {
            var count = limit == 0 ? items.Length - from : Math.Min(limit, items.Length - from);
            var rest = items.Length - from - count;
            var more = rest == 0 ? "" : string.Create(
                CultureInfo.InvariantCulture, $""","continue":"{from + count}","remainingItemCount":{rest}""");
            var body = new MemoryStream();
            body.Write("""{"kind":"EndpointSliceList","apiVersion":"discovery.k8s.io/v1","metadata":"""u8);
            body.Write(Encoding.UTF8.GetBytes($$$"""{"resourceVersion":"{{{version}}}"{{{more}}}},"items":["""));
            for (var i = 0; i < count; i++)
            {
                body.Write(i == 0 ? ""u8 : ","u8);
                body.Write(items[from + i]);
            }

            body.Write("]}\n"u8);
            return body.ToArray();
        }
    }

    private sealed class Files : CannedList
    {
        private readonly Dictionary<string, byte[]> _files;

        public Files(string folder) =>
            _files = Directory.GetFiles(folder, "*.json").ToDictionary(file => Path.GetFileNameWithoutExtension(file), File.ReadAllBytes);

        public override byte[] InitialEvents => _files["initial"];

        public override byte[] Page(int limit, int from) => _files[limit == 0 ? "list" : $"page-{from}"];
    }
}
