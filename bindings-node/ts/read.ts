import { InvalidError } from './errors.js'
import { tellExactly } from './exact.js'
import { Money } from './money.js'
import { Timestamp } from './timestamp.js'
import { SHAPES } from './types.js'

type Json = { [name: string]: unknown }

type Shapes = Readonly<Record<string, Readonly<Record<string, string>>>>

/** Shapes of which some fields are more than text: instants, or JSON whose numbers are exact. @internal */
export function shapesWith(more: Shapes): Shapes {
  return { ...SHAPES, ...Object.fromEntries(Object.entries(more).map(([type, fields]) => [type, { ...SHAPES[type], ...fields }])) }
}

/** Reads what the ledger answered as a value of a type; money whose text has no asset is of the asset around it. @internal */
export function read<T>(type: string, data: unknown, asset = '', shapes: Shapes = SHAPES): T {
  const told = data as Json
  const own = typeof told.asset === 'string' ? told.asset : asset
  const value: Json = {}
  for (const [name, shape] of Object.entries(shapes[type] ?? {})) {
    const one = readAs(shape, told[name], own, shapes)
    if (one === undefined) continue
    if (shape === 'exact') tellExactly(value, camel(name), one as string)
    else value[camel(name)] = one
  }
  return Object.freeze(value) as T
}

function readAs(shape: string, data: unknown, asset: string, shapes: Shapes): unknown {
  switch (shape) {
    case 'text':
      return data ?? ''
    case 'map':
      return Object.freeze({ ...(data as object | undefined) })
    case '':
    case 'exact':
      return data ?? undefined
  }
  if (data === undefined || data === null) return undefined
  switch (shape) {
    case 'money':
      return Money.parse(data as string)
    case 'decimal':
      return Money.of(data as string, asset)
    case 'decimal?':
      // A side of a trial balance without a balance is empty.
      return /^-?[0-9]/.test(data as string) ? Money.of(data as string, asset) : undefined
    case 'instant':
      return Timestamp.parse(data as string)
    case 'texts':
      return Object.freeze([...(data as string[])])
  }
  if (shape.startsWith('[')) {
    const type = shape.slice(1, -1)
    return Object.freeze((data as unknown[]).map((item) => read(type, item, asset, shapes)))
  }
  return read(shape, data, asset, shapes)
}

/** `effective_date` as `effectiveDate`. @internal */
export function camel(name: string): string {
  return name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
}

/** `effectiveDate` as `effective_date`, `userData128` as `user_data_128`. @internal */
export function snake(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`).replace(/data(\d+)$/, 'data_$1')
}

/** JSON with `bigint` as whole numbers, which `JSON.stringify` refuses. @internal */
export function json(value: unknown): string {
  if (typeof value === 'bigint') return value.toString()
  if (Array.isArray(value)) return `[${value.map((item) => (item === undefined ? 'null' : json(item))).join(',')}]`
  if (typeof value === 'object' && value !== null) {
    const fields = Object.entries(value).filter(([, item]) => item !== undefined)
    return `{${fields.map(([name, item]) => `${JSON.stringify(name)}:${json(item)}`).join(',')}}`
  }
  if (typeof value === 'function' || typeof value === 'symbol') throw new TypeError(`a ${typeof value} is no data`)
  return JSON.stringify(value ?? null)
}

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** The text of the body of a request. What is no UTF-8 is no JSON: bytes that were put in its place would be another body. @internal */
export function bodyText(body: string | Uint8Array): string {
  if (typeof body === 'string') return body
  if (!(body instanceof Uint8Array)) throw new TypeError('body: give the bytes as they came, or their text')
  try {
    return UTF8.decode(body)
  } catch {
    throw new InvalidError('invalid', 'body: is not UTF-8', 'body')
  }
}
