// Where each element of a result comes from: index maps made once, when the decoder is loaded.

export function size(shape: number[]): number {
  return shape.reduce((product, side) => product * side, 1);
}

function strides(shape: number[]): number[] {
  const result = new Array<number>(shape.length).fill(1);
  for (let axis = shape.length - 2; axis >= 0; axis--) result[axis] = result[axis + 1]! * shape[axis + 1]!;
  return result;
}

/** For every place of `shape`, row-major, `offset` plus the sum of its coordinates times `steps`. */
export function walk(shape: number[], steps: number[], offset = 0): Int32Array {
  const map = new Int32Array(size(shape));
  const at = new Array<number>(shape.length).fill(0);
  let source = offset;
  for (let i = 0; i < map.length; i++) {
    map[i] = source;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      source += steps[axis]!;
      if (++at[axis]! < shape[axis]!) break;
      source -= steps[axis]! * shape[axis]!;
      at[axis] = 0;
    }
  }
  return map;
}

/** The source of each element of `to` when `from` is broadcast to it; null where element i comes from element i. */
export function broadcast(from: number[], to: number[]): Int32Array | null {
  if (size(from) === size(to)) return null;
  const own = strides(from);
  const lead = to.length - from.length;
  return walk(to, to.map((_, axis) => (axis < lead || from[axis - lead] === 1 ? 0 : own[axis - lead]!)));
}

export function transpose(from: number[], to: number[], permutation: number[]): Int32Array {
  const own = strides(from);
  return walk(to, permutation.map((axis) => own[axis]!));
}

export function slice(from: number[], to: number[], starts: number[]): Int32Array {
  const own = strides(from);
  return walk(to, own, starts.reduce((sum, start, axis) => sum + start * own[axis]!, 0));
}

/** Where in `to` each element of `from` goes when it is laid down with its first element at `starts`. */
export function place(from: number[], to: number[], starts: number[]): Int32Array {
  return slice(to, from, starts);
}
