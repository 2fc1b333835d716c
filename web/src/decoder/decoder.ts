// The decoder network in the page: a latent vector in, the bytes of one picture out.

import type { DecoderNetwork } from "../contract";
import type { Images } from "../images";
import { continuousBernoulliMean, sigmoid } from "./activations";
import { buildLayer, type Extent, type Layer } from "./layers";

export class Decoder {
  private constructor(
    readonly network: DecoderNetwork,
    private readonly layers: Layer[],
    /** The picture last decoded, overwritten by the next. */
    readonly picture: Images,
  ) {}

  static async load(network: DecoderNetwork): Promise<Decoder> {
    const layers: Layer[] = [];
    let extent: Extent = { channels: network.latentDimensions, height: 1, width: 1 };
    for (const description of network.layers) {
      const layer = await buildLayer(description, extent);
      layers.push(layer);
      extent = layer.output;
    }
    const { channels, height, width } = network;
    return new Decoder(network, layers, { count: 1, channels, height, width, pixels: new Uint8Array(channels * height * width) });
  }

  /** Decodes `z` into `picture`. */
  decode(z: ArrayLike<number>): Images {
    let values: Float32Array = Float32Array.from(z);
    for (const layer of this.layers) values = layer.run(values);
    const { pixelScale, pixelShift, mean } = this.network;
    const pixels = this.picture.pixels;
    for (let i = 0; i < pixels.length; i++) {
      const value = values[i]!;
      const average = mean === "sigmoid" ? sigmoid(value) : mean === "identity" ? value : continuousBernoulliMean(value);
      const level = average * pixelScale + pixelShift;
      pixels[i] = level >= 1 ? 255 : level > 0 ? Math.floor(255 * level + 0.5) : 0;
    }
    return this.picture;
  }
}
