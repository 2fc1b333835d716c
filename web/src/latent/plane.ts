// A plane through latent space as a picture of pictures. A position u in (0, 1) along an axis stands for centre + scale·Φ⁻¹(u).

import type { LatentDimension } from "../contract";
import type { Decoder } from "../decoder/decoder";
import { h, nextFrame } from "../dom";
import { blit, type Images } from "../images";
import { quantile } from "../normal";

const FRAME_BUDGET_MS = 10;
/** Keeps the pointer at the very edge from asking for infinity: |Φ⁻¹| stays below 3.1. */
const EDGE = 0.001;

/** Where the pictures of a plane come from. */
export type Source = { decoder: Decoder } | { grid: Images };

/** A position on the plane, both in (0, 1), from the left and from the bottom. */
export interface Position {
  u: number;
  v: number;
}

export class Plane {
  readonly canvas: HTMLCanvasElement;
  readonly element: HTMLElement;
  /** Told where the pointer or the keyboard is. */
  onmove: (position: Position, event: PointerEvent | null) => void = () => {};
  onleave: () => void = () => {};
  private readonly marker = h("span", { class: "plane-marker", "aria-hidden": "true" });
  private turn = 0;
  private position: Position = { u: 0.5, v: 0.5 };

  constructor(
    private readonly source: Source,
    readonly side: number,
    label: string,
  ) {
    const { width, height } = "decoder" in source ? source.decoder.picture : source.grid;
    this.canvas = h("canvas", {
      width: side * width,
      height: side * height,
      class: "plane",
      tabindex: 0,
      role: "application",
      "aria-label": `${label}. Arrow keys move the point that is decoded.`,
    });
    this.element = h("div", { class: "plane-holder" }, this.canvas, this.marker);
    const moved = (event: PointerEvent) => {
      const box = this.canvas.getBoundingClientRect();
      this.moveTo({ u: (event.clientX - box.left) / box.width, v: 1 - (event.clientY - box.top) / box.height }, event);
    };
    this.canvas.addEventListener("pointerdown", (event) => {
      this.canvas.setPointerCapture(event.pointerId);
      moved(event);
    });
    this.canvas.addEventListener("pointermove", moved);
    this.canvas.addEventListener("pointerleave", () => this.onleave());
    this.canvas.addEventListener("keydown", (event) => this.key(event));
  }

  /** Shows the marker there and tells the listener. */
  moveTo(position: Position, event: PointerEvent | null): void {
    this.mark(position);
    this.onmove(this.position, event);
  }

  /** Shows the marker without telling anyone. */
  mark(position: Position): void {
    const keep = (share: number) => Math.min(1 - EDGE, Math.max(EDGE, share));
    this.position = { u: keep(position.u), v: keep(position.v) };
    this.marker.style.left = `${100 * this.position.u}%`;
    this.marker.style.top = `${100 * (1 - this.position.v)}%`;
  }

  /** Fills the grid, a few milliseconds per frame; a later call takes over from one that still runs. */
  async fill(origin: readonly number[], across: LatentDimension, up: LatentDimension): Promise<void> {
    const turn = ++this.turn;
    const context = this.canvas.getContext("2d")!;
    const z = Float32Array.from(origin);
    const { width, height } = "decoder" in this.source ? this.source.decoder.picture : this.source.grid;
    const data = context.createImageData(width, height);
    let started = performance.now();
    for (let cell = 0; cell < this.side ** 2; cell++) {
      const [row, column] = [Math.floor(cell / this.side), cell % this.side];
      if ("decoder" in this.source) {
        z[across.index] = coordinate(across, (column + 0.5) / this.side);
        z[up.index] = coordinate(up, 1 - (row + 0.5) / this.side);
        blit(data, 0, 0, this.source.decoder.decode(z), 0);
      } else {
        blit(data, 0, 0, this.source.grid, cell);
      }
      context.putImageData(data, column * width, row * height);
      if (performance.now() - started > FRAME_BUDGET_MS) {
        await nextFrame();
        if (turn !== this.turn) return;
        started = performance.now();
      }
    }
  }

  private key(event: KeyboardEvent): void {
    const step = event.shiftKey ? 0.1 : 0.02;
    const move = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, step], ArrowDown: [0, -step] }[event.key];
    if (!move) return;
    event.preventDefault();
    this.moveTo({ u: this.position.u + move[0]!, v: this.position.v + move[1]! }, null);
  }
}

/** The latent coordinate at a share of an axis. */
export function coordinate(dimension: LatentDimension, share: number): number {
  return dimension.centre + dimension.scale * quantile(share);
}
