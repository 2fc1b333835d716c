// The decoder in the page: a latent vector in, the bytes of one picture out.

import type { DecoderNetwork } from "../contract";
import type { Images } from "../images";
import { compile, type Program } from "./program";

export class Decoder {
  private constructor(
    private readonly network: DecoderNetwork,
    private readonly program: Program,
    /** The picture last decoded, overwritten by the next. */
    readonly picture: Images,
  ) {}

  static async load(network: DecoderNetwork): Promise<Decoder> {
    const { channels, height, width } = network;
    const pixels = new Uint8Array(channels * height * width);
    return new Decoder(network, await compile(network.steps, network.latentDimensions), { count: 1, channels, height, width, pixels });
  }

  /** Decodes `z` into `picture`. */
  decode(z: ArrayLike<number>): Images {
    this.program.input.set(z);
    this.program.run();
    const { pixelScale, pixelShift } = this.network;
    const { pixels } = this.picture;
    const mean = this.program.output;
    for (let i = 0; i < pixels.length; i++) {
      const level = mean[i]! * pixelScale + pixelShift;
      pixels[i] = level >= 1 ? 255 : level > 0 ? Math.floor(255 * level + 0.5) : 0;
    }
    return this.picture;
  }
}
