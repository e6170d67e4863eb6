// Reads bodies and queries. What is not asked for is refused by name: a field spelled wrong would be left out in silence.
import type { Request } from 'express'
import { Money } from 'thalium'
import { malformed } from './problems.js'

export const PAGE_MAX = 1_000
const PAGE_DEFAULT = 100

type Fields = Readonly<Record<string, unknown>>

/** The fields of a body that is an object of no others. */
export function fieldsOf(request: Request, allowed: readonly string[], { empty = false } = {}): Fields {
  const body: unknown = request.body ?? (empty ? {} : undefined)
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw malformed('send a JSON object, with the header Content-Type: application/json')
  }
  for (const name of Object.keys(body)) {
    if (!allowed.includes(name)) throw malformed(`${name}: is not known here; there are: ${allowed.join(', ')}`, name)
  }
  return body as Fields
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

/** A field that counts something, where it is there. */
export function countOf(fields: Fields, name: string, max: number): number | undefined {
  const value = fields[name]
  if (value === undefined) return undefined
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 1 || value > max) {
    throw malformed(`${name}: give a whole number from 1 to ${max}`, name)
  }
  return value
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

function whole(name: string, text: string, min: number, max: number): number {
  const value = /^[0-9]{1,16}$/.test(text) ? Number(text) : Number.NaN
  if (!(value >= min && value <= max)) throw malformed(`${name}: give a whole number from ${min} to ${max}`, name)
  return value
}
