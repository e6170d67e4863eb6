// JSON with exact numbers, as policies read and write it.
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

/** Reads JSON, and refuses a number that would not be what was written. @internal */
export function parseExact(text: string): unknown {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === QUOTE) {
      at = endOfText(text, at)
    } else if (code === MINUS || (code >= ZERO && code <= NINE)) {
      const from = at
      while (OF_NUMBER.has(text.charCodeAt(at))) at++
      mustBeHeld(text.slice(from, at))
    }
  }
  return JSON.parse(text)
}

/** Where the quote is that ends a text. */
function endOfText(text: string, from: number): number {
  let at = from + 1
  while (at < text.length && text.charCodeAt(at) !== QUOTE) at += text.charCodeAt(at) === BACKSLASH ? 2 : 1
  return at
}

/** Whole numbers up to 2^53, and others that JavaScript writes as they were written. */
function mustBeHeld(source: string): void {
  const value = Number(source)
  const held = Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value))
  if (held && (String(value) === source || decimalOf(String(value)) === decimalOf(source))) return
  const shown = source.length > 64 ? `${source.slice(0, 64)}…` : source
  throw new UndecidedError(
    'undecided', `the answer holds ${shown}, which no number of JavaScript is: let the policy answer it as text, with sprintf("%v", [x])`,
  )
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
