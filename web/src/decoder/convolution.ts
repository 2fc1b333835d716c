// Convolution and its transpose on planar images. Both go place by place with one long inner loop over the numbers that belong to a
// place: loops over the few pixels of a row would spend their time starting and stopping.

import type { Extent, Layer } from "./layers";
import { addScaled } from "./vector";

/** Cross-correlation; the kernel has the shape `[outputs, inputs, kernelHeight, kernelWidth]`. */
export function convolution(weight: Float32Array, bias: Float32Array | null, shape: number[], input: Extent, stride: number, padding: number): Layer {
  const [outputs, inputs, kernelHeight, kernelWidth] = shape as [number, number, number, number];
  const output = {
    channels: outputs,
    height: Math.floor((input.height + 2 * padding - kernelHeight) / stride) + 1,
    width: Math.floor((input.width + 2 * padding - kernelWidth) / stride) + 1,
  };
  const taps = inputs * kernelHeight * kernelWidth;
  const turned = transpose(weight, outputs, taps);
  const pixel = new Float32Array(outputs);
  const result = new Float32Array(outputs * output.height * output.width);
  const plane = output.height * output.width;
  return {
    output,
    run(values) {
      for (let y = 0; y < output.height; y++) {
        for (let x = 0; x < output.width; x++) {
          if (bias) pixel.set(bias);
          else pixel.fill(0);
          for (let i = 0, tap = 0; i < inputs; i++) {
            for (let ky = 0; ky < kernelHeight; ky++) {
              const row = y * stride + ky - padding;
              for (let kx = 0; kx < kernelWidth; kx++, tap++) {
                const column = x * stride + kx - padding;
                if (row < 0 || row >= input.height || column < 0 || column >= input.width) continue;
                addScaled(pixel, values[(i * input.height + row) * input.width + column]!, turned, tap * outputs);
              }
            }
          }
          for (let o = 0, to = y * output.width + x; o < outputs; o++, to += plane) result[to] = pixel[o]!;
        }
      }
      return result;
    },
  };
}

/** The transpose of a convolution; the kernel has the shape `[inputs, outputs, kernelHeight, kernelWidth]`. */
export function transposed(
  weight: Float32Array,
  bias: Float32Array | null,
  shape: number[],
  input: Extent,
  stride: number,
  padding: number,
  outputPadding: number,
): Layer {
  const [inputs, outputs, kernelHeight, kernelWidth] = shape as [number, number, number, number];
  const output = {
    channels: outputs,
    height: (input.height - 1) * stride - 2 * padding + kernelHeight + outputPadding,
    width: (input.width - 1) * stride - 2 * padding + kernelWidth + outputPadding,
  };
  // What one input place spreads: a patch of kernelHeight × kernelWidth in every output channel.
  const patch = new Float32Array(outputs * kernelHeight * kernelWidth);
  const result = new Float32Array(outputs * output.height * output.width);
  const plane = output.height * output.width;
  return {
    output,
    run(values) {
      for (let o = 0; o < outputs; o++) result.fill(bias ? bias[o]! : 0, o * plane, (o + 1) * plane);
      for (let y = 0; y < input.height; y++) {
        for (let x = 0; x < input.width; x++) {
          patch.fill(0);
          for (let i = 0; i < inputs; i++) addScaled(patch, values[(i * input.height + y) * input.width + x]!, weight, i * patch.length);
          for (let o = 0, tap = 0; o < outputs; o++) {
            for (let ky = 0; ky < kernelHeight; ky++) {
              const row = y * stride + ky - padding;
              for (let kx = 0; kx < kernelWidth; kx++, tap++) {
                const column = x * stride + kx - padding;
                if (row < 0 || row >= output.height || column < 0 || column >= output.width) continue;
                result[(o * output.height + row) * output.width + column]! += patch[tap]!;
              }
            }
          }
        }
      }
      return result;
    },
  };
}

/** A matrix `[rows, columns]` as `[columns, rows]`. */
function transpose(matrix: Float32Array, rows: number, columns: number): Float32Array {
  const result = new Float32Array(matrix.length);
  for (let r = 0; r < rows; r++) for (let c = 0; c < columns; c++) result[c * rows + r] = matrix[r * columns + c]!;
  return result;
}
