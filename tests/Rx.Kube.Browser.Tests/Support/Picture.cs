namespace Rx.Kube.Browser.Tests.Support;

/// <summary>What a picture shows: how many hues cover a part of it, and how light its corner is, from 0 to 255.</summary>
internal sealed class Colors
{
    public int Hues { get; set; }

    public double Background { get; set; }
}

/// <summary>Reads pictures with the browser itself.</summary>
internal static class Picture
{
    /// <summary>A function of JavaScript from a PNG in Base64 to <see cref="Colors"/>.</summary>
    public const string Colors =
        """
        async png => {
          const bytes = Uint8Array.from(atob(png), c => c.charCodeAt(0));
          const image = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
          const context = new OffscreenCanvas(image.width, image.height).getContext('2d');
          context.drawImage(image, 0, 0);
          const pixels = context.getImageData(0, 0, image.width, image.height).data, hues = new Map();
          for (let i = 0; i < pixels.length; i += 4) {
            const [r, g, b] = [pixels[i] / 255, pixels[i + 1] / 255, pixels[i + 2] / 255];
            const max = Math.max(r, g, b), delta = max - Math.min(r, g, b);
            if (delta < 0.2) continue;
            const hue = (max === r ? (g - b) / delta + 6 : max === g ? (b - r) / delta + 2 : (r - g) / delta + 4) * 60 % 360;
            hues.set(Math.round(hue / 20), (hues.get(Math.round(hue / 20)) ?? 0) + 1);
          }
          const large = [...hues].filter(([, count]) => count > pixels.length / 4 * 0.02).map(([hue]) => hue).sort((a, b) => a - b);
          const apart = large.filter((hue, i) => i === 0 || hue - large[i - 1] > 1);
          return { Hues: apart.length, Background: (pixels[0] + pixels[1] + pixels[2]) / 3 };
        }
        """;
}
