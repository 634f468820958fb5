namespace Rx.Kube;

/// <summary>
/// Reads a <c>v1 Status</c> in protobuf. Never throws, whatever the network sent. The texts are those of the server;
/// <see cref="OutsideText"/> makes them safe. Source: apimachinery meta/v1 generated.proto.
/// </summary>
internal static class ProtobufStatus
{
    private const int Status = 2, Message = 3, Reason = 4, Details = 5, Code = 6;
    private const int Causes = 4, RetryAfterSeconds = 5; // of StatusDetails
    private const int ReasonOfCause = 1; // of StatusCause

    /// <summary>Reads one Status; what is not protobuf is read as JSON or as plain text.</summary>
    /// <param name="data">The object, with its envelope.</param>
    /// <param name="fallbackCode">The code if the object has none or is not a Status.</param>
    /// <returns>The Status, and <c>details.retryAfterSeconds</c> bounded to 0–10 min; null if it is not set.</returns>
    public static (KubeStatus Status, TimeSpan? RetryAfter) Read(ReadOnlySpan<byte> data, int fallbackCode)
    {
        if (!data.StartsWith(ProtobufEnvelope.Magic))
        {
            return KubeStatusReader.Read(data, fallbackCode);
        }

        try
        {
            var reader = ProtobufEnvelope.Open(data, out var kind);
            if (kind.SequenceEqual("Status"u8) && ReadObject(reader, fallbackCode) is { } read)
            {
                return read;
            }
        }
        catch (ProtobufException)
        {
            // The text cannot be trusted, the code of the transport can.
        }

        return (new KubeStatus(fallbackCode, KubeStatusReader.ReasonOf(fallbackCode), "", []), null);
    }

    private static (KubeStatus, TimeSpan?)? ReadObject(ProtobufReader reader, int fallbackCode)
    {
        string status = "", reason = "", message = "";
        var code = 0;
        TimeSpan? retryAfter = null;
        var causes = new List<string>();
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case Status:
                    status = reader.ReadString();
                    break;
                case Message:
                    message = reader.ReadString();
                    break;
                case Reason:
                    reason = reader.ReadString();
                    break;
                case Details:
                    ReadDetails(reader.ReadMessage(), causes, ref retryAfter);
                    break;
                case Code:
                    code = (int)Math.Clamp(reader.ReadInt64(), 0, int.MaxValue);
                    break;
            }
        }

        if (status == "Success")
        {
            return null;
        }

        code = code is >= 400 and <= 599 ? code : fallbackCode;
        return (new KubeStatus(code, reason.Length > 0 ? reason : KubeStatusReader.ReasonOf(code), message, [.. causes]), retryAfter);
    }

    private static void ReadDetails(ProtobufReader reader, List<string> causes, ref TimeSpan? retryAfter)
    {
        while (reader.Next())
        {
            if (reader.Field == RetryAfterSeconds)
            {
                var seconds = Math.Clamp(reader.ReadInt64(), 0, (long)KubeStatusReader.MaxRetryAfter.TotalSeconds);
                retryAfter = seconds > 0 ? TimeSpan.FromSeconds(seconds) : null; // 0 is how the API spells "not set"
            }
            else if (reader.Field == Causes)
            {
                ReadCause(reader.ReadMessage(), causes);
            }
        }
    }

    private static void ReadCause(ProtobufReader reader, List<string> causes)
    {
        while (reader.Next())
        {
            if (reader.Field == ReasonOfCause && reader.ReadString() is { Length: > 0 } reason && causes.Count < KubeStatusReader.MaxCauses)
            {
                causes.Add(reason);
            }
        }
    }
}
