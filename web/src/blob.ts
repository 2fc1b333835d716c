// Arrays of the payload: `type,base64` or `type;gzip,base64` with type u8, i32, f16 or f32, little-endian.

import type { Blob as Packed } from "./contract";

export async function bytes(blob: Packed): Promise<Uint8Array> {
  return (await unpack(blob)).data;
}

export async function integers(blob: Packed): Promise<Int32Array> {
  const { data } = await unpack(blob);
  return new Int32Array(data.buffer, data.byteOffset, data.byteLength / 4);
}

export async function floats(blob: Packed): Promise<Float32Array> {
  const { type, data } = await unpack(blob);
  if (type !== "f16") return new Float32Array(data.buffer, data.byteOffset, data.byteLength / 4);
  const halves = new Uint16Array(data.buffer, data.byteOffset, data.byteLength / 2);
  const table = halfTable();
  const values = new Float32Array(halves.length);
  for (let i = 0; i < values.length; i++) values[i] = table[halves[i]!]!;
  return values;
}

async function unpack(blob: Packed): Promise<{ type: string; data: Uint8Array<ArrayBuffer> }> {
  const comma = blob.indexOf(",");
  const [type, packing] = blob.slice(0, comma).split(";");
  const binary = atob(blob.slice(comma + 1));
  const data = new Uint8Array(binary.length);
  for (let i = 0; i < data.length; i++) data[i] = binary.charCodeAt(i);
  if (packing !== "gzip") return { type: type!, data };
  const stream = new Blob([data]).stream().pipeThrough(new DecompressionStream("gzip"));
  return { type: type!, data: new Uint8Array(await new Response(stream).arrayBuffer()) };
}

let halves: Float32Array | undefined;

/** Every 16-bit float by its bits. */
function halfTable(): Float32Array {
  if (halves) return halves;
  halves = new Float32Array(65536);
  for (let bits = 0; bits < 65536; bits++) {
    const exponent = (bits >> 10) & 31;
    const fraction = bits & 1023;
    const size =
      exponent === 0 ? fraction * 2 ** -24 : exponent === 31 ? (fraction ? NaN : Infinity) : (1 + fraction / 1024) * 2 ** (exponent - 15);
    halves[bits] = bits & 0x8000 ? -size : size;
  }
  return halves;
}
