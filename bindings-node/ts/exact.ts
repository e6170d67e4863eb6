// JSON with exact numbers, as policies and charts read and write it.
import { randomUUID } from 'node:crypto'
import { InvalidError, UndecidedError } from './errors.js'

/** Deeper than any policy takes it; what holds itself ends here too. */
const DEPTH_MAX = 1_000

const QUOTE = 0x22
const BACKSLASH = 0x5c
const MINUS = 0x2d
const ZERO = 0x30
const NINE = 0x39
const OF_NUMBER = new Set(Array.from('+-.0123456789Ee', (letter) => letter.charCodeAt(0)))

/** Where a value stands, from the inside out. */
interface Place {
  readonly step: string | number
  readonly above?: Place
}

/** A value as JSON. No number is rounded: what cannot be said is an error, which calls the value by its name. @internal */
export function exactJson(value: unknown, name: string): string {
  return textOf(value, { step: name }, 0) ?? 'null'
}

/** The text of a value; nothing where there is none. */
function textOf(value: unknown, place: Place, depth: number): string | undefined {
  switch (typeof value) {
    case 'undefined':
      return undefined
    case 'string':
      return JSON.stringify(value)
    case 'boolean':
      return String(value)
    case 'bigint':
      return value.toString()
    case 'number':
      return numberText(value, place)
    case 'object':
      return value === null ? 'null' : objectText(value, place, depth)
  }
  throw new TypeError(`${placeText(place)}: a ${typeof value} is no data`)
}

function numberText(value: number, place: Place): string {
  if (!Number.isFinite(value)) throw new RangeError(`${placeText(place)}: ${value} is no number of JSON`)
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) {
    throw new RangeError(`${placeText(place)}: ${value} may have been rounded, as numbers are past 2^53: give a bigint or text`)
  }
  const text = String(value)
  // Any decimal of fifteen digits is a number's own; of one with more, nobody knows which was meant: 0.1 + 0.2 is one.
  if (!Number.isInteger(value) && text.replace(/e.*$/, '').replace(/[-.]/g, '').replace(/^0+/, '').length > 15) {
    throw new RangeError(`${placeText(place)}: ${text} may have been rounded, having more than 15 digits: give text`)
  }
  return text
}

function objectText(value: object, place: Place, depth: number): string | undefined {
  if (depth >= DEPTH_MAX) {
    let top = place
    while (top.above) top = top.above
    throw new InvalidError('invalid', `${top.step}: nests too deep, or holds itself`, String(top.step))
  }
  if (Array.isArray(value)) {
    const items: string[] = []
    // A hole is null, as JSON.stringify has it.
    for (let index = 0; index < value.length; index++) items.push(textOf(value[index], { step: index, above: place }, depth + 1) ?? 'null')
    return `[${items.join(',')}]`
  }
  if (value instanceof Date && Number.isNaN(value.getTime())) throw new RangeError(`${placeText(place)}: is an invalid Date`)
  // Buffers say themselves too, as what no one means.
  if ('toJSON' in value && typeof value.toJSON === 'function' && !ArrayBuffer.isView(value)) {
    return textOf(value.toJSON(String(place.step)), place, depth + 1)
  }
  if (!isPlain(value)) {
    throw new TypeError(`${placeText(place)}: give an object, a list, text, a number, a bigint, a boolean or null, not a ${kindOf(value)}`)
  }
  const fields: string[] = []
  for (const [name, item] of Object.entries(value)) {
    const text = textOf(item, { step: name, above: place }, depth + 1)
    if (text !== undefined) fields.push(`${JSON.stringify(name)}:${text}`)
  }
  return `{${fields.join(',')}}`
}

/** What JavaScript calls an object: `Map`, `Promise`. */
const kindOf = (value: object): string => Object.prototype.toString.call(value).slice(8, -1)

/** Whether it is an object of fields: a `Map` or a `Promise` would be written as one without any. @internal */
export function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && kindOf(value) === 'Object'
}

/** As `input.party.accounts[2]`. */
function placeText({ step, above }: Place): string {
  if (!above) return String(step)
  return typeof step === 'number' ? `${placeText(above)}[${step}]` : `${placeText(above)}.${step}`
}

/** A request with a field that is written exactly; without it, where there is nothing. @internal */
export function withExact(request: string, name: string, value: unknown): string {
  // What is text already is not to be read again.
  return value === undefined ? request : `${request.slice(0, -1)},"${name}":${exactJson(value, name)}}`
}

/** Reads JSON, and refuses a number that would not be what was written. @internal */
export function parseExact(text: string): unknown {
  eachNumber(text, (source) => {
    if (!isHeld(source)) throw notHeld('the answer holds', source, 'let the policy answer it as text, with sprintf("%v", [x])')
  })
  return JSON.parse(text)
}

/** As `parseExact`, but for whole numbers past 2^53, which are a `bigint`: so a decision is told as it was asked. @internal */
export function parseRecord(text: string, where = 'a decision holds', remedy = 'leave it out, with masks'): unknown {
  // Nobody who wrote any of it can have known this.
  const mark = randomUUID()
  let [marked, done] = ['', 0]
  eachNumber(text, (source, from) => {
    if (isHeld(source)) return
    if (!/^-?\d+$/.test(source)) throw notHeld(where, source, remedy)
    marked += `${text.slice(done, from)}"${mark}${source}"`
    done = from + source.length
  })
  if (done === 0) return JSON.parse(text)
  return JSON.parse(marked + text.slice(done), (_, value: unknown) =>
    typeof value === 'string' && value.startsWith(mark) ? BigInt(value.slice(mark.length)) : value)
}

/**
 * Puts on a value what a text of JSON says, and the text beside it: `data` and `dataText`. What JavaScript cannot hold is an error for whoever
 * reads it, and for nobody else. @internal
 */
export function tellExactly(told: object, name: string, text: string): void {
  const value = (): unknown => parseRecord(text, `the ${name} holds`, `read ${name}Text`)
  let property: PropertyDescriptor
  try {
    property = { value: value() }
  } catch {
    property = { get: value }
  }
  Object.defineProperties(told, { [name]: { ...property, enumerable: true }, [`${name}Text`]: { value: text, enumerable: true } })
}

/** Calls with every number of a text, and where it stands. */
function eachNumber(text: string, call: (source: string, from: number) => void): void {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === QUOTE) {
      at = endOfText(text, at)
    } else if (code === MINUS || (code >= ZERO && code <= NINE)) {
      const from = at
      while (OF_NUMBER.has(text.charCodeAt(at))) at++
      call(text.slice(from, at), from)
    }
  }
}

/** Where the quote is that ends a text. */
function endOfText(text: string, from: number): number {
  let at = from + 1
  while (at < text.length && text.charCodeAt(at) !== QUOTE) at += text.charCodeAt(at) === BACKSLASH ? 2 : 1
  return at
}

/** Whole numbers up to 2^53, and others that JavaScript writes as they were written. */
function isHeld(source: string): boolean {
  const value = Number(source)
  const held = Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value))
  return held && (String(value) === source || decimalOf(String(value)) === decimalOf(source))
}

function notHeld(where: string, source: string, remedy: string): UndecidedError {
  const shown = source.length > 64 ? `${source.slice(0, 64)}…` : source
  return new UndecidedError('undecided', `${where} ${shown}, which no number of JavaScript is: ${remedy}`)
}

/** One text for all ways in which a number can be written. */
function decimalOf(text: string): string {
  const [mantissa = '', exponent = '0'] = text.toLowerCase().split('e')
  const [whole = '', rest = ''] = mantissa.replace('-', '').split('.')
  const digits = whole + rest
  let [from, to] = [0, digits.length]
  while (from < to && digits[from] === '0') from++
  while (to > from && digits[to - 1] === '0') to--
  if (from === to) return '0'
  const sign = mantissa.startsWith('-') ? '-' : ''
  return `${sign}${digits.slice(from, to)}e${BigInt(exponent.replace('+', '')) - BigInt(rest.length) + BigInt(digits.length - to)}`
}
