#:property PublishAot=false
#:property RestorePackagesWithLockFile=false
#:property NoWarn=$(NoWarn);CS1591
// Draws icon.png, the icon of the packages: a ring with five members, one of which owns the range up to the next.
// Usage: dotnet run packaging/icon.cs
using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

const int Size = 128;
const int Samples = 4; // each pixel is the mean of 4 x 4 samples, for smooth edges
const int Background = 0x1F2A44, Ring = 0x8FA3CC, Range = 0xF5A623, Member = 0xFFFFFF;

var rows = new byte[Size * (1 + Size * 4)]; // each row begins with the number of its filter, here none
for (var pixel = 0; pixel < Size * Size; pixel++)
{
    int red = 0, green = 0, blue = 0, covered = 0;
    for (var sample = 0; sample < Samples * Samples; sample++)
    {
        var x = (pixel % Size) + (((sample % Samples) + 0.5) / Samples);
        var y = (pixel / Size) + (((sample / Samples) + 0.5) / Samples);
        if (ColorAt(x - (Size / 2), y - (Size / 2)) is { } color)
        {
            (red, green, blue, covered) = (red + (color >> 16), green + ((color >> 8) & 255), blue + (color & 255), covered + 1);
        }
    }

    if (covered > 0)
    {
        byte[] rgba = [(byte)(red / covered), (byte)(green / covered), (byte)(blue / covered), (byte)(255 * covered / (Samples * Samples))];
        rgba.CopyTo(rows, (pixel / Size * (1 + (Size * 4))) + 1 + (pixel % Size * 4));
    }
}

using var packed = new MemoryStream();
using (var zlib = new ZLibStream(packed, CompressionLevel.SmallestSize))
{
    zlib.Write(rows);
}

using var png = File.Create(Path.Combine("packaging", "icon.png"));
png.Write([137, 80, 78, 71, 13, 10, 26, 10]);
Chunk("IHDR", [0, 0, 0, Size, 0, 0, 0, Size, 8, 6, 0, 0, 0]); // eight bits each of red, green, blue and alpha
Chunk("IDAT", packed.ToArray());
Chunk("IEND", []);

int? ColorAt(double x, double y)
{
    if (Distance(Math.Max(Math.Abs(x) - 44, 0), Math.Max(Math.Abs(y) - 44, 0)) > 20)
    {
        return null; // outside the rounded square
    }

    for (var member = 0; member < 5; member++)
    {
        var angle = 2 * Math.PI * member / 5;
        if (Distance(x - (40 * Math.Sin(angle)), y + (40 * Math.Cos(angle))) < 10)
        {
            return member == 1 ? Range : Member;
        }
    }

    var turn = Math.Atan2(x, -y) / (2 * Math.PI); // clockwise, 0 at the top
    return Math.Abs(Distance(x, y) - 40) > 4 ? Background : turn is > 0 and < 0.2 ? Range : Ring;
}

static double Distance(double x, double y) => Math.Sqrt((x * x) + (y * y));

void Chunk(string type, byte[] data)
{
    byte[] body = [.. Encoding.ASCII.GetBytes(type), .. data];
    Span<byte> number = stackalloc byte[4];
    BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
    png.Write(number);
    png.Write(body);
    BinaryPrimitives.WriteUInt32BigEndian(number, Crc32(body));
    png.Write(number);
}

static uint Crc32(byte[] data)
{
    var crc = uint.MaxValue;
    foreach (var value in data)
    {
        crc ^= value;
        for (var bit = 0; bit < 8; bit++)
        {
            crc = (crc >> 1) ^ (0xEDB88320 & (0 - (crc & 1)));
        }
    }

    return ~crc;
}
