/** The native module: requests and answers as JSON, columns as bytes. */
export interface NativeLedger {
  call(request: string): Promise<[string, Uint8Array | null]>
  submit(request: string): Promise<string>
  postColumns(columns: NativeColumns, asset?: string): Promise<NativeOutcomes>
  transferColumns(query: string): Promise<[string, Uint8Array | null]>
  accountColumns(): Promise<[string, Uint8Array | null]>
  close(): Promise<[string, Uint8Array | null]>
  closeSync(): void
}

/** What became of the rows of columns. */
export interface NativeOutcomes {
  counts(): string
  statuses(): Uint16Array
  sequences(): BigUint64Array
  timestamps(): BigInt64Array
  arrow(): Promise<[string, Uint8Array | null]>
}

/** Columns that are being collected. */
export interface NativeColumns {
  buffer(name: string, kind: string, bytes: Uint8Array): void
  texts(name: string, texts: (string | null | undefined)[]): void
  arrow(stream: Uint8Array): void
}

/** A policy that answers: inputs, requests and answers as JSON. */
export interface NativePolicy {
  decide(path: string, input?: string, now?: string): string
  call(request: string): string
  callApart(request: string): Promise<[string, Uint8Array | null]>
}

/** A chart that runs sessions: requests and answers as JSON. */
export interface NativeChart {
  call(request: string): string
}

interface Native {
  NativeColumns: new () => NativeColumns
  open(address: string, options: string): Promise<NativeLedger>
  openMemory(options: string): NativeLedger
  openPolicy(request: string): Promise<NativePolicy>
  openPolicySync(request: string): NativePolicy
  openChart(request: string): Promise<NativeChart>
  openChartSync(request: string): NativeChart
  run(request: string): Promise<[string, Uint8Array | null]>
  runSync(request: string): string
  codes(): string
  operations(): string
  newId(): string
  panicNext?: () => void
}

// Beside the package's own folder, so that it is found from where the sources were built to.
export const native = require('../native.js') as Native
export const NativeColumns = native.NativeColumns
