using static Rx.Kube.Tests.Wire.Protobuf.ProtobufBytes;

namespace Rx.Kube.Tests.Wire.Protobuf;

/// <summary>Bytes that no server sends: an error that says what is wrong and where, in time and memory that their length bounds.</summary>
public class ProtobufReaderTests
{
    private static readonly byte[] _meta = Named("a");

    [Theory]
    [InlineData("0800", true)] // fields that are not known, of each type
    [InlineData("f87f8080808080808080808001", false)] // eleven bytes
    [InlineData("9806ffffffffffffffffff01", true)] // 64 bits
    [InlineData("9806ffffffffffffffffff02", false)] // more than 64 bits
    [InlineData("9806ffffffffffffffffff7f", false)]
    [InlineData("9806808080808080808000", true)] // a longer form than necessary
    [InlineData("99060102030405060708", true)]
    [InlineData("990601020304050607", false)]
    [InlineData("9d0601020304", true)]
    [InlineData("9d06010203", false)]
    [InlineData("9a0603010203", true)]
    [InlineData("9a06030102", false)]
    [InlineData("9a06ffffffff0f", false)] // 4 GiB
    [InlineData("9a06ffffffffffffffffff01", false)] // a negative length
    [InlineData("9b069c06", false)] // a group
    [InlineData("9e06", false)] // no type
    [InlineData("00", false)] // no field
    [InlineData("0200", false)]
    [InlineData("98", false)]
    [InlineData("f8ffffff0f00", true)] // the largest field
    [InlineData("f8ffffff1f00", false)] // one beyond
    public void A_field_that_is_not_known_is_skipped_unless_it_is_broken(string field, bool isSkipped)
    {
        var data = Join(_meta, Convert.FromHexString(field));
        if (isSkipped && field != "0800")
        {
            Assert.Equal("a", new ProtobufNodeDecoder().Decode(data).Metadata.Name);
        }
        else
        {
            var error = Assert.Throws<ProtobufException>(() => new ProtobufNodeDecoder().Decode(data));
            Assert.Contains($"(byte {_meta.Length})", error.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(1, "08", "field 1: expected a text or a message, found the type 0 (byte 0)")] // metadata
    [InlineData(2, "11", "field 2: expected a text or a message, found the type 1 (byte 17)")] // endpoints
    [InlineData(4, "22", "field 4: the text is not valid UTF-8 (byte 17)")] // addressType
    public void A_field_of_another_type_than_expected_is_an_error(int field, string tag, string message)
    {
        var value = tag == "22" ? "02c328" : "0102030405060708";
        byte[] data = [.. field == 1 ? [] : _meta, .. Convert.FromHexString(tag + value)];

        Assert.Equal(message, Assert.Throws<ProtobufException>(() => new ProtobufSliceDecoder().Decode(data)).Message);
    }

    [Fact]
    public void A_number_of_a_port_has_32_bits()
    {
        Assert.Equal(-1, PortOf(ulong.MaxValue));
        Assert.Equal(int.MaxValue, PortOf(int.MaxValue));
        Assert.Equal(int.MinValue, PortOf(unchecked((ulong)int.MinValue)));
        Assert.Throws<ProtobufException>(() => PortOf(1UL << 31));
        Assert.Throws<ProtobufException>(() => PortOf(unchecked((ulong)int.MinValue - 1)));

        static int? PortOf(ulong number) =>
            new ProtobufSliceDecoder().Decode(Join(_meta, Field(3, Field(3, number)))).Ports[0].Port;
    }

    [Theory]
    [InlineData(-62_135_596_800, true)]
    [InlineData(-62_135_596_801, false)]
    [InlineData(253_402_300_799, true)]
    [InlineData(253_402_300_800, false)]
    [InlineData(long.MinValue, false)]
    public void A_time_is_of_the_years_1_to_9999(long seconds, bool isTime)
    {
        var data = Field(1, [.. Field(1, "a"), .. Field(9, Field(1, (ulong)seconds))]);
        if (isTime)
        {
            Assert.Equal(seconds, new ProtobufPodDecoder().Decode(data).Metadata.DeletionTimestamp!.Value.ToUnixTimeSeconds());
        }
        else
        {
            Assert.Throws<ProtobufException>(() => new ProtobufPodDecoder().Decode(data));
        }
    }

    [Fact]
    public void A_time_without_bytes_is_none_as_for_go() =>
        Assert.Null(new ProtobufPodDecoder().Decode(Field(1, [.. Field(1, "a"), .. Field(9, "")])).Metadata.DeletionTimestamp);

    [Fact]
    public void Deep_messages_are_skipped_by_their_length()
    {
        byte[] deep = [];
        for (var i = 0; i < 10_000; i++)
        {
            deep = Field(2, deep);
        }

        Assert.Equal("a", new ProtobufPodDecoder().Decode(Join(_meta, Field(15, deep))).Metadata.Name);
        Assert.Equal("a", new ProtobufPodDecoder().Decode(Join(_meta, deep)).Metadata.Name); // as the spec
    }

    [Fact]
    public void An_object_of_empty_parts_costs_memory_in_proportion_to_its_bytes()
    {
        byte[] empty = [.. Enumerable.Repeat(Tag(2, 2), 1_000_000).SelectMany(tag => (byte[])[.. tag, 0])];
        var data = Join(_meta, empty);
        var decoder = new ProtobufSliceDecoder();
        decoder.Decode(_meta);
        var before = GC.GetAllocatedBytesForCurrentThread();

        var slice = decoder.Decode(data);

        Assert.Equal(1_000_000, slice.Endpoints.Count);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 45 * data.Length);
    }

    [Fact]
    public void Of_a_field_that_is_not_repeated_the_last_one_counts()
    {
        var slice = new ProtobufSliceDecoder().Decode(Join(Named("b"), Field(4, "IPv4"), _meta, Field(4, "IPv6")));

        Assert.Equal(("a", "IPv6"), (slice.Metadata.Name, slice.AddressType));
    }

    [Fact]
    public void Labels_with_another_field_between_them_are_all_read()
    {
        byte[] Label(string key, string value) => Field(11, [.. Field(1, key), .. Field(2, value)]);
        var data = Field(1, Join(Field(1, "a"), Label("x", "1"), Field(5, "u"), Label("y", "2"), Label("x", "3")));

        var labels = new ProtobufPodDecoder().Decode(data).Metadata.Labels;

        Assert.Equal(("3", "2", 2), (labels["x"], labels["y"], labels.Count));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(1)]
    public void The_labels_of_an_object_are_limited(int beyond)
    {
        const int Limit = 4096;
        byte[][] labels = [.. Enumerable.Range(0, Limit + beyond).Select(i => Field(11, [.. Field(1, $"l{i}"), .. Field(2, "x")]))];
        var data = Field(1, [.. Field(1, "a"), .. Join(labels)]);
        if (beyond <= 0)
        {
            Assert.Equal(Limit + beyond, new ProtobufPodDecoder().Decode(data).Metadata.Labels.Count);
        }
        else
        {
            var error = Assert.Throws<ProtobufException>(() => new ProtobufPodDecoder().Decode(data));
            Assert.Equal($"more than {Limit} labels. To fix: raise WireLimits.MaxLabels", error.Message);
        }
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(1)]
    public void The_labels_of_an_object_of_each_kind_are_limited_by_the_option(int beyond)
    {
        var limits = new WireLimits { MaxLabels = 3 };
        byte[][] labels =
            [.. Enumerable.Range(0, limits.MaxLabels + beyond).Select(i => Field(11, [.. Field(1, $"l{i}"), .. Field(2, "x")]))];
        var data = Field(1, [.. Field(1, "a"), .. Join(labels)]);
        Action[] decoders =
        [
            () => ResourceKinds.EndpointSlices.Protobuf!.CreateDecoder(limits)(data),
            () => ResourceKinds.Endpoints.Protobuf!.CreateDecoder(limits)(data),
            () => ResourceKinds.Pods.Protobuf!.CreateDecoder(limits)(data),
            () => ResourceKinds.Nodes.Protobuf!.CreateDecoder(limits)(data),
        ];
        Assert.All(decoders, decode => Assert.Equal(beyond > 0, Record.Exception(decode) is ProtobufException));
    }

    [Fact]
    public void An_object_of_another_kind_is_refused()
    {
        Assert.Equal("a", new ProtobufPodDecoder().Decode(Envelope("Pod", _meta)).Metadata.Name);
        Assert.Equal("a", new ProtobufPodDecoder().Decode(Envelope("", _meta)).Metadata.Name);
        Assert.Equal(
            "the object is not of kind Pod",
            Assert.Throws<ProtobufException>(() => new ProtobufPodDecoder().Decode(Envelope("Node", _meta))).Message);
        Assert.Throws<ProtobufException>(() => new ProtobufPodDecoder().Decode([.. "k8s\0"u8, .. Field(1, "")]));
    }

    [Fact]
    public void An_object_without_a_name_is_refused()
    {
        Assert.Equal("metadata.name is missing", Assert.Throws<ProtobufException>(() => new ProtobufPodDecoder().Decode([])).Message);
        Assert.Equal(
            "metadata.name is missing",
            Assert.Throws<ProtobufException>(() => new ProtobufPodDecoder().Decode(Field(1, ""))).Message);
    }

    [Fact]
    public void The_identity_of_a_broken_object_is_what_comes_before_the_broken_byte()
    {
        var format = ProtobufWireFormat.Instance;
        var broken = Field(1, [.. Field(1, "a"), .. Field(3, "ns"), 0xff]);

        Assert.Equal(new ObjectIdentity("ns", "a", ""), format.ReadIdentity(broken));
        Assert.Equal("3", format.ReadVersion(Join(_meta, [0xff])));
        Assert.Equal("", format.ReadVersion([0xff]));
        Assert.Equal("", format.ReadVersion([]));
        Assert.Equal("3", format.ReadVersion(Envelope("Pod", _meta)));
        Assert.False(format.EndsInitialEvents([0xff]));
        Assert.False(format.EndsInitialEvents(broken));
    }

    [Theory]
    [InlineData("6b387300")]
    [InlineData("6b387300ff")]
    [InlineData("6b38730012021801")]
    [InlineData("")]
    public void A_status_that_is_none_has_the_code_of_the_transport(string data)
    {
        var (status, retryAfter) = ProtobufWireFormat.Instance.ReadStatus(Convert.FromHexString(data), 503);

        Assert.Equal((503, "ServiceUnavailable", ""), (status.Code, status.Reason, status.Message));
        Assert.Null(retryAfter);
    }

    [Fact]
    public void A_status_is_bounded_as_in_json()
    {
        byte[] causes = [.. Enumerable.Range(0, 40).SelectMany(i => Field(4, Field(1, $"c{i}")))];
        var data = Envelope("Status", Join(Field(2, "Failure"), Field(5, Join(causes, Field(5, 1UL << 40))), Field(6, 99)));

        var (status, retryAfter) = ProtobufWireFormat.Instance.ReadStatus(data, 500);

        Assert.Equal((500, 32, KubeStatusReader.MaxRetryAfter), (status.Code, status.Causes.Length, retryAfter));
        var success = ProtobufWireFormat.Instance.ReadStatus(Envelope("Status", Field(2, "Success")), 502);
        Assert.Equal(502, success.Status.Code);
        Assert.Equal("404 page not found", ProtobufWireFormat.Instance.ReadStatus("404 page not found\n"u8, 404).Status.Message);
    }

    private static byte[] Join(params byte[][] parts) => [.. parts.SelectMany(p => p)];
}
