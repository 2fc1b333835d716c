// Convolution and its transpose on one planar image. Both go place by place with one long inner loop over the numbers that belong to a
// place: loops over the few pixels of a row would spend their time starting and stopping.

import { addScaled } from "./vector";

/** The sides of a convolution: images `[1, channels, height, width]`, responses `[1, filters, rows, columns]`. */
export interface Geometry {
  channels: number;
  height: number;
  width: number;
  filters: number;
  rows: number;
  columns: number;
  kernelHeight: number;
  kernelWidth: number;
  stride: number;
  padding: number;
}

export function geometry(images: number[], filters: number[], responses: number[], stride: number, padding: number): Geometry {
  const [, channels, height, width] = images as [number, number, number, number];
  const [count, , kernelHeight, kernelWidth] = filters as [number, number, number, number];
  return { channels, height, width, filters: count, rows: responses[2]!, columns: responses[3]!, kernelHeight, kernelWidth, stride, padding };
}

/** Images to responses. */
export function convolution(images: Float32Array, weight: Float32Array, responses: Float32Array, g: Geometry): () => void {
  const taps = g.channels * g.kernelHeight * g.kernelWidth;
  const turned = turn(weight, g.filters, taps);
  const pixel = new Float32Array(g.filters);
  const plane = g.rows * g.columns;
  return () => {
    for (let y = 0; y < g.rows; y++) {
      for (let x = 0; x < g.columns; x++) {
        pixel.fill(0);
        for (let c = 0, tap = 0; c < g.channels; c++) {
          for (let ky = 0; ky < g.kernelHeight; ky++) {
            const row = y * g.stride + ky - g.padding;
            for (let kx = 0; kx < g.kernelWidth; kx++, tap++) {
              const column = x * g.stride + kx - g.padding;
              if (row < 0 || row >= g.height || column < 0 || column >= g.width) continue;
              addScaled(pixel, images[(c * g.height + row) * g.width + column]!, turned, tap * g.filters);
            }
          }
        }
        for (let f = 0, to = y * g.columns + x; f < g.filters; f++, to += plane) responses[to] = pixel[f]!;
      }
    }
  };
}

/** Responses back to images. */
export function transposedConvolution(responses: Float32Array, weight: Float32Array, images: Float32Array, g: Geometry): () => void {
  // What one response spreads: a patch of kernelHeight × kernelWidth in every channel.
  const patch = new Float32Array(g.channels * g.kernelHeight * g.kernelWidth);
  const plane = g.rows * g.columns;
  return () => {
    images.fill(0);
    for (let y = 0; y < g.rows; y++) {
      for (let x = 0; x < g.columns; x++) {
        patch.fill(0);
        for (let f = 0; f < g.filters; f++) addScaled(patch, responses[f * plane + y * g.columns + x]!, weight, f * patch.length);
        for (let c = 0, tap = 0; c < g.channels; c++) {
          for (let ky = 0; ky < g.kernelHeight; ky++) {
            const row = y * g.stride + ky - g.padding;
            for (let kx = 0; kx < g.kernelWidth; kx++, tap++) {
              const column = x * g.stride + kx - g.padding;
              if (row < 0 || row >= g.height || column < 0 || column >= g.width) continue;
              images[(c * g.height + row) * g.width + column]! += patch[tap]!;
            }
          }
        }
      }
    }
  };
}

/** A matrix `[rows, columns]` as `[columns, rows]`. */
function turn(matrix: Float32Array, rows: number, columns: number): Float32Array {
  const result = new Float32Array(matrix.length);
  for (let r = 0; r < rows; r++) for (let c = 0; c < columns; c++) result[c * rows + r] = matrix[r * columns + c]!;
  return result;
}
