/** The part of OpenCV that the pipeline uses: the package's own types say `any` where it matters. */
export interface Deletable {
  delete(): void;
}

export interface Mat extends Deletable {
  readonly rows: number;
  readonly cols: number;
  /** A view of the WASM memory: gone when that memory grows, so never kept over another call. */
  readonly data: Uint8Array;
  readonly data32S: Int32Array;
  doublePtr(row: number, column: number): Float64Array;
}

export interface MatVector extends Deletable {
  get(index: number): Mat;
  size(): number;
}

/** `[value, value, value, alpha]`. */
export type Scalar = number[];
export interface Size {
  width: number;
  height: number;
}
export interface XY {
  x: number;
  y: number;
}
type MatType = number & { readonly mat: unique symbol };

export interface OpenCv {
  readonly HEAPU8: Uint8Array;
  exceptionFromPtr(pointer: number): { msg: string };

  Mat: { new (): Mat; new (rows: number, columns: number, type: MatType): Mat };
  MatVector: new () => MatVector;
  Size: new (width: number, height: number) => Size;
  Point: new (x: number, y: number) => XY;
  Scalar: new (...values: number[]) => Scalar;
  matFromArray(rows: number, columns: number, type: MatType, values: number[]): Mat;

  readonly CV_8UC1: MatType;
  readonly CV_8UC3: MatType;
  readonly CV_32FC2: MatType;
  readonly CV_32S: MatType;
  readonly COLOR_RGB2Lab: number;
  readonly COLOR_RGB2GRAY: number;
  readonly MORPH_RECT: number;
  readonly MORPH_ELLIPSE: number;
  readonly MORPH_CLOSE: number;
  readonly MORPH_OPEN: number;
  readonly THRESH_BINARY: number;
  readonly THRESH_BINARY_INV: number;
  readonly THRESH_OTSU: number;
  readonly ADAPTIVE_THRESH_MEAN_C: number;
  readonly RETR_LIST: number;
  readonly RETR_EXTERNAL: number;
  readonly CHAIN_APPROX_SIMPLE: number;
  readonly INTER_AREA: number;
  readonly INTER_LINEAR: number;
  readonly BORDER_REPLICATE: number;

  blur(from: Mat, to: Mat, kernel: Size): void;
  GaussianBlur(from: Mat, to: Mat, kernel: Size, sigma: number): void;
  medianBlur(from: Mat, to: Mat, kernel: number): void;
  cvtColor(from: Mat, to: Mat, code: number): void;
  split(from: Mat, to: MatVector): void;
  resize(from: Mat, to: Mat, size: Size, fx: number, fy: number, interpolation: number): void;
  subtract(a: Mat, b: Mat, to: Mat): void;
  divide(a: Mat, b: Mat, to: Mat, scale: number): void;
  getStructuringElement(shape: number, size: Size): Mat;
  morphologyEx(from: Mat, to: Mat, operation: number, kernel: Mat): void;
  dilate(from: Mat, to: Mat, kernel: Mat): void;
  Canny(from: Mat, to: Mat, low: number, high: number): void;
  threshold(from: Mat, to: Mat, at: number, value: number, kind: number): number;
  adaptiveThreshold(
    from: Mat,
    to: Mat,
    value: number,
    method: number,
    kind: number,
    block: number,
    minus: number,
  ): void;
  connectedComponentsWithStats(from: Mat, labels: Mat, stats: Mat, centres: Mat, ways: number, type: MatType): number;
  findContours(from: Mat, to: MatVector, hierarchy: Mat, mode: number, method: number): void;
  contourArea(contour: Mat): number;
  arcLength(contour: Mat, closed: boolean): number;
  convexHull(contour: Mat, to: Mat, clockwise: boolean, points: boolean): void;
  approxPolyDP(contour: Mat, to: Mat, epsilon: number, closed: boolean): void;
  minAreaRect(contour: Mat): { center: XY; size: Size; angle: number };
  getPerspectiveTransform(from: Mat, to: Mat): Mat;
  getRotationMatrix2D(centre: XY, degrees: number, scale: number): Mat;
  warpPerspective(from: Mat, to: Mat, by: Mat, size: Size, flags: number, border: number, fill: Scalar): void;
  warpAffine(from: Mat, to: Mat, by: Mat, size: Size, flags: number, border: number, fill: Scalar): void;
}
