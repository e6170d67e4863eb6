// Reads bodies and queries. What is not asked for is refused by name: a field spelled wrong would be left out in silence.
import type { Request } from 'express'
import { Money, Timestamp } from 'thalium'
import { isCustomer } from './books.js'
import { Problem, malformed } from './problems.js'

export const PAGE_MAX = 1_000
const PAGE_DEFAULT = 100

export type Fields = Readonly<Record<string, unknown>>
/** Reads one field. */
export type Reader<T> = (fields: Fields, name: string) => T

// What the ledger keeps in the clear has few characters, so that nothing personal slips in.
const PLAIN = /^[a-z][a-z0-9_-]{0,63}$/
// What may be the name of a field. Anything else may be a value in the wrong place, and is not quoted.
const NAME = /^[A-Za-z][A-Za-z0-9_-]{0,63}$/

/** The fields of a body that is an object of no others. */
export function fieldsOf(request: Request, allowed: readonly string[], { empty = false } = {}): Fields {
  const body: unknown = request.body ?? (empty ? {} : undefined)
  if (!isObject(body)) throw malformed('send a JSON object, with the header Content-Type: application/json')
  return known(body, allowed)
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function known(fields: Fields, allowed: readonly string[]): Fields {
  for (const name of Object.keys(fields)) {
    if (allowed.includes(name)) continue
    const there = `is not known here; there are: ${allowed.join(', ')}`
    throw NAME.test(name) ? malformed(`${name}: ${there}`, name) : malformed(`the name of a field ${there}`)
  }
  return fields
}

/** A field that may be left out, to be spread: `...maybe(fields, 'to', textOf)`. */
export function maybe<N extends string, T>(fields: Fields, name: N, read: Reader<T>): { [K in N]?: T } {
  return fields[name] === undefined ? {} : ({ [name]: read(fields, name) } as { [K in N]: T })
}

/** A field of text. */
export function textOf(fields: Fields, name: string): string {
  const value = fields[name]
  if (value === undefined) throw malformed(`${name}: is missing`, name)
  if (typeof value !== 'string' || value === '') throw malformed(`${name}: give text`, name)
  return value
}

/** A field of money: text with its asset, above zero. A JSON number has been rounded before anyone can see it. */
export function moneyOf(fields: Fields, name: string): Money {
  const value = fields[name]
  if (value === undefined) throw malformed(`${name}: is missing`, name)
  if (typeof value === 'number') throw malformed(`${name}: a number cannot hold money; give text, as "250.00 ZAR"`, name)
  let money: Money
  try {
    money = Money.parse(value as string)
  } catch (error) {
    throw malformed(`${name}: ${(error as Error).message.replace(/^amount: /, '')}`, name)
  }
  if (money.amount.startsWith('-') || money.isZero()) throw malformed(`${name}: give more than zero`, name)
  return money
}

/** A field of a price or a quantity: decimal text. */
export function decimalOf(fields: Fields, name: string): string {
  if (typeof fields[name] === 'number') throw malformed(`${name}: a number cannot hold it; give decimal text, as "60000.00"`, name)
  return textOf(fields, name)
}

/** A field of an instant: text of RFC 3339. */
export function instantOf(fields: Fields, name: string): Timestamp {
  const text = textOf(fields, name)
  try {
    return Timestamp.parse(text)
  } catch {
    throw malformed(`${name}: give an instant in UTC, as "2026-01-31T09:30:00Z"`, name)
  }
}

/** A field that numbers something, as digits: JSON numbers are taken as far as they are exact. */
export function numberOf(fields: Fields, name: string): string {
  const value = fields[name]
  if (typeof value !== 'number') return textOf(fields, name)
  if (!Number.isSafeInteger(value) || value < 0) throw malformed(`${name}: give a whole number; above 2^53 its digits as text`, name)
  return String(value)
}

/** A field that counts something. */
export function countIn(min: number, max: number): Reader<number> {
  return (fields, name) => {
    const value = fields[name]
    if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < min || value > max) {
      throw malformed(`${name}: give a whole number from ${min} to ${max}`, name)
    }
    return value
  }
}

/** A field that is one of a few words. */
export function oneOf<C extends string>(...choices: C[]): Reader<C> {
  return (fields, name) => {
    const value = textOf(fields, name)
    const found = choices.find((choice) => choice === value)
    if (!found) throw malformed(`${name}: give one of ${choices.join(', ')}`, name)
    return found
  }
}

/** A field that is a name of the caller's making, which stands in the log in the clear. */
export function plainOf(fields: Fields, name: string): string {
  const value = textOf(fields, name)
  if (!PLAIN.test(value)) throw malformed(`${name}: write 1 to 64 of a-z, 0-9, _ and -, a letter first; it is kept in the clear`, name)
  return value
}

/** A field that lists texts. A list of none is none: where it narrows something, the ledger would take it for no list at all. */
export function textsOf(fields: Fields, name: string): string[] {
  const value = fields[name]
  const good = Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === 'string')
  if (!good) throw malformed(`${name}: give a list of texts`, name)
  return value
}

/** A field that is an object with names of the caller's making, each for an object of these fields. */
export function eachOf<T>(fields: Fields, name: string, allowed: readonly string[], read: (fields: Fields) => T): Record<string, T> {
  const value = fields[name]
  if (!isObject(value)) throw malformed(`${name}: give an object`, name)
  return Object.fromEntries(Object.entries(value).map(([key, one]) => {
    if (!PLAIN.test(key)) throw malformed(`${name}: a name has 1 to 64 of a-z, 0-9, _ and -, a letter first; it is kept in the clear`, name)
    if (!isObject(one)) throw malformed(`${name}.${key}: give an object`, `${name}.${key}`)
    return [key, inside(`${name}.${key}`, () => read(known(one, allowed)))]
  }))
}

/** What is wrong inside of a field is told with the way to it. */
function inside<T>(where: string, read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof Problem) || error.extra.field === undefined) throw error
    throw malformed(`${where}.${error.message}`, `${where}.${error.extra.field}`)
  }
}

/** A field that names a customer. */
export function customerIn(fields: Fields, name: string): string {
  const customer = textOf(fields, name)
  if (!isCustomer(customer)) throw malformed(`${name}: write 1 to 32 of a-z, 0-9 and -; some names are reserved`, name)
  return customer
}

/** A segment of the path. */
export function pathOf(request: Request, name: string): string {
  return request.params[name] as string
}

/** Parameters of the query, of which there are no others. */
export function queryOf<N extends string>(request: Request, ...allowed: N[]): Partial<Record<N, string>> {
  const found: Partial<Record<string, string>> = {}
  for (const [name, value] of Object.entries(request.query)) {
    if (!allowed.includes(name as N)) throw malformed(`${name}: is not known here; there are: ${allowed.join(', ')}`, name)
    if (typeof value !== 'string') throw malformed(`${name}: give it once`, name)
    found[name] = value
  }
  return found as Partial<Record<N, string>>
}

/** Which page is asked for. */
export function pageOf(request: Request): { after?: number; limit: number } {
  const { after, limit } = queryOf(request, 'after', 'limit')
  return {
    ...(after === undefined ? {} : { after: whole('after', after, 0, Number.MAX_SAFE_INTEGER) }),
    limit: limit === undefined ? PAGE_DEFAULT : whole('limit', limit, 1, PAGE_MAX),
  }
}

/** Which buckets of time are asked for. */
export function bucketsOf(request: Request): { width?: string; zone?: string; from?: string; to?: string; limit?: number } {
  const { limit, ...buckets } = queryOf(request, 'width', 'zone', 'from', 'to', 'limit')
  return { ...buckets, ...(limit === undefined ? {} : { limit: whole('limit', limit, 1, PAGE_MAX) }) }
}

/** A whole number in a query. */
export function whole(name: string, text: string, min: number, max: number): number {
  const value = /^[0-9]{1,16}$/.test(text) ? Number(text) : Number.NaN
  if (!(value >= min && value <= max)) throw malformed(`${name}: give a whole number from ${min} to ${max}`, name)
  return value
}
