// One forward pass per layer, into a buffer made once: decoding under a moving pointer must not wait for the collector.

import { floats } from "../blob";
import type { DecoderLayer, WeightTensor } from "../contract";
import { activation } from "./activations";
import { convolution, transposed } from "./convolution";
import { addScaled } from "./vector";

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
      for (let i = 0; i < inputs; i++) addScaled(result, input[i]!, weight, i * outputs);
      return result;
    },
  };
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
