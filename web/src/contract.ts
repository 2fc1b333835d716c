// The payload as src/Elbo.Report writes it; the meaning of every field is documented there.

/** An array packed as `type,base64` or `type;gzip,base64`; see blob.ts. */
export type Blob = string;

export interface Payload {
  runs: ReportData[];
  compare: boolean;
}

export interface ReportData {
  header: ReportHeader;
  sections: Section[];
  decoder?: DecoderNetwork;
}

export interface ReportHeader {
  runName: string;
  title: string;
  summary: string;
  dataSet: string;
  created: string;
  createdLabel: string;
  elapsed: string;
  stopReason?: string;
  bound?: BoundSummary;
  numbers: HeadlineNumber[];
  version?: string;
}

export interface BoundSummary {
  split: string;
  rows: number;
  elbo: number | null;
  reconstruction?: number | null;
  kl?: number | null;
  logLikelihood?: number | null;
  standardError?: number | null;
  importanceSamples?: number;
}

export interface HeadlineNumber {
  label: string;
  value: number | null;
  unit?: string;
  standardError?: number | null;
  explanation?: string;
  decimals: number;
  higherIsBetter?: boolean;
}

export interface ImageSet {
  count: number;
  channels: number;
  height: number;
  width: number;
  pixels: Blob;
}

interface SectionBase {
  title: string;
  note?: string;
}

export type Section =
  | CurvesSection
  | ReconstructionsSection
  | ImageGridSection
  | LatentScatterSection
  | LatentPlaneSection
  | BarsSection
  | HeatmapSection
  | ComponentEllipsesSection
  | StateTimelineSection
  | IntervalsSection
  | TableSection
  | DataTableSection
  | ReproductionSection;

export interface CurvesSection extends SectionBase {
  kind: "curves";
  xLabel: string;
  logarithmic: boolean;
  panels: CurvePanel[];
  marks: { x: number; label: string }[];
}

export interface CurvePanel {
  title: string;
  unit?: string;
  explanation?: string;
  curves: { name: string; beside?: string; x: Blob; y: Blob }[];
}

export interface ReconstructionsSection extends SectionBase {
  kind: "reconstructions";
  rows: { name: string; images: ImageSet }[];
  captions?: string[];
  scores?: (number | null)[];
  scoreLabel?: string;
}

export interface ImageGridSection extends SectionBase {
  kind: "image-grid";
  images: ImageSet;
  columns: number;
  drawFrom?: GaussianPrior;
  rowNames?: string[];
}

export interface GaussianPrior {
  mean: number[];
  scale: number[];
}

export interface LatentScatterSection extends SectionBase {
  kind: "latent-scatter";
  xName: string;
  yName: string;
  x: Blob;
  y: Blob;
  labels: Blob;
  labelNames: string[];
  rows: Blob;
  rowName: string;
  thumbnails?: ImageSet;
}

export interface LatentDimension {
  index: number;
  name: string;
  centre: number;
  scale: number;
}

export interface LatentPlaneSection extends SectionBase {
  kind: "latent-plane";
  dimensions: LatentDimension[];
  origin: number[];
  gridSize: number;
  grid?: ImageSet;
}

export interface BarsSection extends SectionBase {
  kind: "bars";
  valueLabel: string;
  unit?: string;
  bars: { name: string; value: number | null; emphasized: boolean }[];
  sorted: boolean;
  remark?: string;
}

export interface HeatmapSection extends SectionBase {
  kind: "heatmap";
  rowNames: string[];
  columnNames: string[];
  values: Blob;
  rowLabel?: string;
  columnLabel?: string;
  valueLabel: string;
  decimals: number;
}

export interface ComponentEllipsesSection extends SectionBase {
  kind: "component-ellipses";
  columnNames: string[];
  values: Blob;
  components: Blob;
  componentNames: string[];
  weights: number[];
  means: Blob;
  covariances: Blob;
  rows: Blob;
}

export interface StateTimelineSection extends SectionBase {
  kind: "state-timeline";
  stateNames: string[];
  columnNames: string[];
  sequences: { name: string; values: Blob; path: Blob; posteriors: Blob }[];
}

export interface IntervalsSection extends SectionBase {
  kind: "intervals";
  classNames: string[];
  panels: IntervalPanel[];
}

export interface IntervalPanel {
  title: string;
  explanation?: string;
  xLabel: string;
  logarithmic: boolean;
  reference?: number | null;
  intervals: { name: string; value: number | null; low: number | null; high: number | null; class: number }[];
}

export interface DataTableSection extends SectionBase {
  kind: "data-table";
  columns: { name: string; numeric: boolean; explanation?: string }[];
  rows: { cells: string[]; group?: string; emphasized: boolean }[];
}

export interface TableSection extends SectionBase {
  kind: "table";
  groups: { title: string; entries: { key: string; value: string }[] }[];
}

export interface ReproductionSection extends SectionBase {
  kind: "reproduction";
  command: string;
  recipe?: string;
}

export interface DecoderNetwork {
  latentDimensions: number;
  channels: number;
  height: number;
  width: number;
  pixelScale: number;
  pixelShift: number;
  steps: DecoderStep[];
}

interface StepBase {
  shape: number[];
  /** The places in the list of the steps whose results go in. */
  inputs: number[];
}

export type DecoderStep = StepBase &
  (
    | { op: "input" }
    | { op: "constant"; values: Blob }
    | { op: "elementwise"; name: string }
    | { op: "matmul"; transposeLeft: boolean; transposeRight: boolean }
    | { op: "convolution"; transposed: boolean; stride: number; padding: number }
    | { op: "reduce"; maximum: boolean }
    | { op: "reshape" }
    | { op: "broadcast" }
    | { op: "transpose"; permutation: number[] }
    | { op: "slice"; starts: number[] }
    | { op: "pad"; before: number[] }
    | { op: "concatenate"; axis: number }
  );
