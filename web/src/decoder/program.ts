// A decoder's steps as functions over buffers made once: decoding under a moving pointer must not wait for the collector.

import { floats } from "../blob";
import type { DecoderStep } from "../contract";
import { convolution, geometry, transposedConvolution } from "./convolution";
import { elementwise } from "./elementwise";
import { broadcast, place, size, slice, transpose } from "./indexing";
import { matrixProduct } from "./vector";

export interface Program {
  input: Float32Array;
  output: Float32Array;
  run(): void;
}

interface Result {
  shape: number[];
  values: Float32Array;
}

export async function compile(steps: DecoderStep[], latentDimensions: number): Promise<Program> {
  const results: Result[] = [];
  const actions: (() => void)[] = [];
  // A decoder that ignores its code has no input step; the code then goes nowhere.
  let input: Float32Array = new Float32Array(latentDimensions);
  for (const step of steps) {
    const inputs = step.inputs.map((place) => results[place]!);
    const values = step.op === "constant" ? await constant(step.values, step.shape) : step.op === "reshape" ? inputs[0]!.values : new Float32Array(size(step.shape));
    if (step.op === "input") input = values;
    const action = build(step, inputs, values);
    if (action) actions.push(action);
    results.push({ shape: step.shape, values });
  }
  return {
    input,
    output: results[results.length - 1]!.values,
    run() {
      for (const action of actions) action();
    },
  };
}

async function constant(blob: string, shape: number[]): Promise<Float32Array> {
  const values = await floats(blob);
  return values.length === 1 ? new Float32Array(size(shape)).fill(values[0]!) : values;
}

function build(step: DecoderStep, inputs: Result[], result: Float32Array): (() => void) | null {
  const [a, b] = inputs as [Result, Result];
  switch (step.op) {
    case "input":
    case "constant":
    case "reshape":
      return null;
    case "elementwise":
      return elementwise(step.name, inputs.map(({ shape, values }) => ({ values, map: broadcast(shape, step.shape) })), result);
    case "matmul": {
      const [m, n] = step.shape.slice(-2) as [number, number];
      const k = a.shape[a.shape.length - (step.transposeLeft ? 2 : 1)]!;
      return matrixProduct(a.values, b.values, result, m, k, n, step.transposeLeft, step.transposeRight);
    }
    case "convolution":
      return step.transposed
        ? transposedConvolution(a.values, b.values, result, geometry(step.shape, b.shape, a.shape, step.stride, step.padding))
        : convolution(a.values, b.values, result, geometry(a.shape, b.shape, step.shape, step.stride, step.padding));
    case "reduce":
      return reduce(a.values, broadcast(step.shape, a.shape), result, step.maximum);
    case "broadcast":
      return gather(a.values, broadcast(a.shape, step.shape), result);
    case "transpose":
      return gather(a.values, transpose(a.shape, step.shape, step.permutation), result);
    case "slice":
      return gather(a.values, slice(a.shape, step.shape, step.starts), result);
    case "pad":
      return scatter(a.values, place(a.shape, step.shape, step.before), result);
    case "concatenate": {
      let start = 0;
      const parts = inputs.map(({ shape, values }) => {
        const starts = shape.map((_, axis) => (axis === step.axis ? start : 0));
        start += shape[step.axis]!;
        return scatter(values, place(shape, step.shape, starts), result);
      });
      return () => parts.forEach((part) => part());
    }
  }
}

function gather(values: Float32Array, map: Int32Array | null, result: Float32Array): () => void {
  if (!map) return () => result.set(values);
  return () => {
    for (let i = 0; i < result.length; i++) result[i] = values[map[i]!]!;
  };
}

/** Elements nothing is laid on keep the zero they were made with. */
function scatter(values: Float32Array, map: Int32Array, result: Float32Array): () => void {
  return () => {
    for (let i = 0; i < values.length; i++) result[map[i]!] = values[i]!;
  };
}

/** `map` says for each input which result it goes into; null where nothing is summed. */
function reduce(values: Float32Array, map: Int32Array | null, result: Float32Array, maximum: boolean): () => void {
  if (!map) return () => result.set(values);
  return () => {
    result.fill(maximum ? -Infinity : 0);
    for (let i = 0; i < values.length; i++) {
      const to = map[i]!;
      result[to] = maximum ? Math.max(result[to]!, values[i]!) : result[to]! + values[i]!;
    }
  };
}
