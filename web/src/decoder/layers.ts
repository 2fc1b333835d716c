// One forward pass per layer, into a buffer made once: decoding under a moving pointer must not wait for the collector.

import { floats } from "../blob";
import type { DecoderLayer, WeightTensor } from "../contract";
import { activation } from "./activations";

/** Channels × height × width; a vector has height and width 1. */
export interface Extent {
  channels: number;
  height: number;
  width: number;
}

export interface Layer {
  output: Extent;
  run(input: Float32Array): Float32Array;
}

export async function buildLayer(layer: DecoderLayer, input: Extent): Promise<Layer> {
  switch (layer.kind) {
    case "dense":
      return dense(await floats(layer.weight.values), await optional(layer.bias), layer.weight.shape[0]!, layer.weight.shape[1]!);
    case "activation": {
      const apply = activation(layer.function, layer.slope);
      return inPlace(input, apply);
    }
    case "reshape":
      return { output: { channels: layer.channels, height: layer.height, width: layer.width }, run: (values) => values };
    case "convolution":
      return convolution(await floats(layer.weight.values), await optional(layer.bias), layer.weight.shape, input, layer.stride, layer.padding);
    case "transposed-convolution":
      return transposed(
        await floats(layer.weight.values),
        await optional(layer.bias),
        layer.weight.shape,
        input,
        layer.stride,
        layer.padding,
        layer.outputPadding,
      );
    case "channel-affine":
      return inPlace(input, affine(await floats(layer.scale.values), await floats(layer.shift.values), input));
    case "layer-normalization":
      return inPlace(input, normalization(await floats(layer.scale.values), await floats(layer.shift.values), layer.epsilon));
  }
}

async function optional(tensor: WeightTensor | undefined): Promise<Float32Array | null> {
  return tensor ? floats(tensor.values) : null;
}

function inPlace(extent: Extent, apply: (values: Float32Array) => void): Layer {
  return {
    output: extent,
    run(values) {
      apply(values);
      return values;
    },
  };
}

function dense(weight: Float32Array, bias: Float32Array | null, inputs: number, outputs: number): Layer {
  const result = new Float32Array(outputs);
  return {
    output: { channels: outputs, height: 1, width: 1 },
    run(input) {
      if (bias) result.set(bias);
      else result.fill(0);
      for (let i = 0; i < inputs; i++) {
        const x = input[i]!;
        if (x === 0) continue;
        const row = i * outputs;
        for (let j = 0; j < outputs; j++) result[j]! += x * weight[row + j]!;
      }
      return result;
    },
  };
}

function convolution(weight: Float32Array, bias: Float32Array | null, shape: number[], input: Extent, stride: number, padding: number): Layer {
  const [outputs, inputs, kernelHeight, kernelWidth] = shape as [number, number, number, number];
  const output = {
    channels: outputs,
    height: Math.floor((input.height + 2 * padding - kernelHeight) / stride) + 1,
    width: Math.floor((input.width + 2 * padding - kernelWidth) / stride) + 1,
  };
  const result = new Float32Array(outputs * output.height * output.width);
  return {
    output,
    run(values) {
      startAtBias(result, bias, output);
      forEachTap(outputs, inputs, kernelHeight, kernelWidth, (o, i, ky, kx, tap) => {
        const w = weight[tap]!;
        // Outputs whose tap falls inside the input, so that the inner loop needs no test.
        const [top, bottom] = inside(output.height, input.height, stride, ky - padding);
        const [left, right] = inside(output.width, input.width, stride, kx - padding);
        for (let y = top; y < bottom; y++) {
          let from = (i * input.height + y * stride + ky - padding) * input.width + left * stride + kx - padding;
          let to = (o * output.height + y) * output.width + left;
          for (let x = left; x < right; x++, from += stride, to++) result[to]! += w * values[from]!;
        }
      });
      return result;
    },
  };
}

function transposed(
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
  const result = new Float32Array(outputs * output.height * output.width);
  return {
    output,
    run(values) {
      startAtBias(result, bias, output);
      forEachTap(inputs, outputs, kernelHeight, kernelWidth, (i, o, ky, kx, tap) => {
        const w = weight[tap]!;
        const [top, bottom] = inside(input.height, output.height, stride, ky - padding);
        const [left, right] = inside(input.width, output.width, stride, kx - padding);
        for (let y = top; y < bottom; y++) {
          let from = (i * input.height + y) * input.width + left;
          let to = (o * output.height + y * stride + ky - padding) * output.width + left * stride + kx - padding;
          for (let x = left; x < right; x++, from++, to += stride) result[to]! += w * values[from]!;
        }
      });
      return result;
    },
  };
}

function startAtBias(result: Float32Array, bias: Float32Array | null, output: Extent): void {
  const plane = output.height * output.width;
  for (let o = 0; o < output.channels; o++) result.fill(bias ? bias[o]! : 0, o * plane, (o + 1) * plane);
}

function forEachTap(
  first: number,
  second: number,
  kernelHeight: number,
  kernelWidth: number,
  visit: (first: number, second: number, ky: number, kx: number, tap: number) => void,
): void {
  let tap = 0;
  for (let a = 0; a < first; a++) {
    for (let b = 0; b < second; b++) {
      for (let ky = 0; ky < kernelHeight; ky++) {
        for (let kx = 0; kx < kernelWidth; kx++) visit(a, b, ky, kx, tap++);
      }
    }
  }
}

/** The range of `p` in [0, count) for which `p·stride + offset` lies in [0, limit). */
function inside(count: number, limit: number, stride: number, offset: number): [number, number] {
  const from = Math.max(0, Math.ceil(-offset / stride));
  const to = Math.min(count, Math.floor((limit - 1 - offset) / stride) + 1);
  return [from, to];
}

function affine(scale: Float32Array, shift: Float32Array, extent: Extent): (values: Float32Array) => void {
  const plane = extent.height * extent.width;
  return (values) => {
    for (let c = 0, at = 0; c < extent.channels; c++) {
      for (let i = 0; i < plane; i++, at++) values[at] = values[at]! * scale[c]! + shift[c]!;
    }
  };
}

function normalization(scale: Float32Array, shift: Float32Array, epsilon: number): (values: Float32Array) => void {
  return (values) => {
    let mean = 0;
    for (const value of values) mean += value;
    mean /= values.length;
    let variance = 0;
    for (const value of values) variance += (value - mean) ** 2;
    const factor = 1 / Math.sqrt(variance / values.length + epsilon);
    for (let i = 0; i < values.length; i++) values[i] = (values[i]! - mean) * factor * scale[i]! + shift[i]!;
  };
}
